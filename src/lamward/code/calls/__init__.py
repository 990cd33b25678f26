"""Which SDK calls a program can make: an abstract interpreter of the intermediate representation.

Instead of values it computes sets of what a value may be (`values`), joined where control flow meets and never
forgotten once stored (`heap`). A function is interpreted once for each different set of arguments (`frames`), so
that a factory called with two names gives two clients; beyond a bound, contexts are joined. What a language or a
package means by a name comes from a `Language`; the interpreter itself knows none.
"""
