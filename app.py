"""The application object that servers and the ``flask`` command look for."""

from portal import create_app

app = create_app()
