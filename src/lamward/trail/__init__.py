"""CloudTrail: which function used which action on which resource, how often and when.

Files of records (`files`, `record`) are reduced one at a time (`reduce`, `observe`, `picks`) to a ledger (`ledger`);
ledgers merge in any order, are kept in a file (`store`) and asked by function (`usage`). What CloudTrail never shows is
in `observable`.
"""
