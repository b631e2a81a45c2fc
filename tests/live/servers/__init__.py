"""Real servers for tests: started on loopback and free ports, stopped with the test, nothing left behind."""
