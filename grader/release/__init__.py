"""From solutions to what learners get: starter files, visible tests, recorded answers."""
