"""The actions that an entry can be, and what each needs.

To add an action: one line here. The triggers are made of these lists.
"""

# of a row of a form: the only ones that change clinical data
CREATE, CHANGE, VOID, RESTORE = "create", "change", "void", "restore"
CLINICAL = (CREATE, CHANGE, VOID, RESTORE)

# of work on the data; a scope is a record, a subject (no form) or the trial (no subject)
CHECK_FIRED = "check fired"  # a soft check, the value that fired it, and the answer
QUERY_OPEN, QUERY_ANSWER, QUERY_CLOSE = "query open", "query answer", "query close"
SDV, SDV_WITHDRAW = "sdv", "sdv withdraw"
REVIEW = "review"
FREEZE, THAW, LOCK, UNLOCK = "freeze", "thaw", "lock", "unlock"
SIGN = "sign"
REDACT = "redact"
DATA_WORK = (CHECK_FIRED, QUERY_OPEN, QUERY_ANSWER, QUERY_CLOSE, SDV, SDV_WITHDRAW, SIGN)

# of the dose
PROPOSE, DECIDE, SLOT = "propose dose", "decide dose", "slot"

# of people and of the system
LOGIN, LOGIN_FAILED, LOGOUT, DENIED, LOCKED_OUT = (
    "login",
    "login failed",
    "logout",
    "denied",
    "locked out",
)
ACCOUNT, SESSION_END, ACCESS_REVIEW = "account", "session end", "access review"
OF_PEOPLE = (LOGIN, LOGIN_FAILED, LOCKED_OUT, ACCOUNT, SESSION_END)  # their key is a user name
EXPORT, CUT, BACKUP, RESTORED, SYSTEM = "export", "data cut", "backup", "restored", "system"
UPLOAD = "upload"  # a laboratory's file whose rows were entered: its name and SHA-256

REASONED = (CHANGE, VOID, RESTORE, SDV_WITHDRAW, FREEZE, THAW, LOCK, UNLOCK, REDACT)
AFTER = {  # what the newest hold or release of the same scope must be; none yet counts as thawed
    FREEZE: (THAW, UNLOCK),
    THAW: (FREEZE,),
    LOCK: (THAW, UNLOCK, FREEZE),
    UNLOCK: (LOCK,),
}
HOLDS = (FREEZE, LOCK)  # while one of these is the newest of its scope, CLINICAL is refused
