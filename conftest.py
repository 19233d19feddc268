"""Settings of pytest for tests and notebooks alike."""

pytest_plugins = ["tools.nbval_updates"]
