"""One sample node for each kind of harvester, for the contract that all of them keep (tests/contract/test_kinds.py)."""
