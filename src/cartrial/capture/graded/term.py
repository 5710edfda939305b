"""The CTCAE terms that a typed name may mean, and the grades that exist for one."""

from cartrial.grading.ctcae.terms import Term, ctcae_terms, known_term, nearest_terms

MOST = 8  # terms that are offered


def terms_like(typed: str) -> tuple[Term | None, list[Term]]:
    """The term of this name, and those that hold its words or are spelled like it."""
    words = typed.casefold().split()
    if not words:
        return None, []
    terms = ctcae_terms()
    holding = [term for name, term in terms.items() if all(word in name for word in words)]
    holding.sort(key=lambda term: (not term.term.casefold().startswith(words[0]), len(term.term)))
    near = [terms[name.lower()] for name in nearest_terms(typed)]
    exact = known_term(typed)
    found = dict.fromkeys((*holding, *near))
    return exact, [term for term in found if term != exact][:MOST]
