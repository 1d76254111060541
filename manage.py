#!/usr/bin/env python
"""Django's command line for Medspil."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")
    from fit_project.environment import Unsafe

    try:
        settings.SECRET_KEY  # noqa: B018  reads the settings before a command could hide why they are refused
    except Unsafe as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)
