"""Text of more than 200 bytes in SDTM: cut for a transport file, joined again on reading.

The first piece stays in the variable. Each further one is a qualifier with the name of the variable
and a digit: AETERM, AETERM1, AETERM2. In TS and the other datasets of the trial design, which have
no supplemental dataset, it is a variable beside the first.

Source: SDTM Implementation Guide 3.4, section 4.5.3.
Reading: a text is joined only where the one before is long: RACE1 beside RACE = MULTIPLE is another
    race (section 5.2, DM), not more of the first.
"""

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.spelling import all_spelled
from cartrial.cdisc.xpt.fit import MOST_PIECES, further_name, pieces
from cartrial.cdisc.xpt.write import LONGEST
from cartrial.sdtm.file.supplemental import of_variable

LEAST = LONGEST // 2  # bytes of a text that goes on


def cut(
    domain: type[s.Table], table: pl.DataFrame, own: pl.DataFrame, qualifiers: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The text in ASCII, with what is over 200 bytes in further qualifiers.

    `own` are the variables of `table` that are written as such.
    """
    further: list[pl.DataFrame] = []
    for column in s.columns(domain):
        if own.schema.get(column.name) != pl.String:
            continue
        first, *others = pieces(all_spelled(own[column.name]))
        own = own.with_columns(first)
        for number, piece in enumerate(others, start=1):
            name = further_name(column.name, number)
            more = s.to_text(domain, table).with_columns(piece.alias(name))
            further.append(of_variable(domain, more, name, column.label))
    first, *others = pieces(all_spelled(qualifiers["QVAL"]))
    for number, piece in enumerate(others, start=1):
        names = qualifiers["QNAM"].str.slice(0, 7) + str(number)
        more = qualifiers.with_columns(piece.alias("QVAL"), names.alias("QNAM"))
        further.append(more.drop_nulls("QVAL"))
    return own, pl.concat([qualifiers.with_columns(first.alias("QVAL")), *further])


def further_qualifiers(
    domain: type[s.Table], parent: pl.DataFrame, qualifiers: pl.DataFrame
) -> set[str]:
    """The names of the qualifiers in which the text of a declared variable goes on."""
    if not {"QNAM", "QVAL"} <= set(qualifiers.columns):
        return set()
    given = qualifiers["QNAM"].drop_nulls().unique().to_list()
    known = _whole(domain, given)
    texts = {
        of: parent[of] if of in parent.columns else qualifiers.filter(pl.col("QNAM") == of)["QVAL"]
        for of in known.values()
    }
    return {name for name, of in known.items() if _goes_on(texts[of])}


def joined(domain: type[s.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """The text of the domain with its further pieces, which are variables of the frame."""
    known = _whole(domain, sorted(frame.columns))
    for of in dict.fromkeys(known.values()):
        if of in frame.columns and _goes_on(frame[of]):
            frame = _joined(frame, of, [name for name in known if known[name] == of])
    return frame


def _whole(domain: type[s.Table], names: list[str]) -> dict[str, str]:
    """Of the names that would be those of further pieces: the declared variable of each."""
    declared = s.columns(domain)
    own = {column.name for column in declared}
    possible = {
        further_name(column.name, number): column.name
        for column in declared
        if column.kind == "text" and not column.key
        for number in range(1, MOST_PIECES)
    }
    return {name: possible[name] for name in names if name in possible and name not in own}


def _goes_on(values: pl.Series) -> bool:
    return bool((values.str.len_bytes() >= LEAST).any())


def _joined(frame: pl.DataFrame, name: str, further: list[str]) -> pl.DataFrame:
    text = before = pl.col(name)
    for one in further:
        between = pl.when(before.str.len_bytes() == LONGEST).then(pl.lit(""))
        longer = text + between.otherwise(pl.lit(" ")) + pl.col(one)
        text = pl.when(pl.col(one).is_null()).then(text).otherwise(longer)
        before = pl.col(one)
    return frame.with_columns(text.alias(name)).drop(further)
