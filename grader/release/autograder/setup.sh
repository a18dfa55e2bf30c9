#!/usr/bin/env bash
# Run once by Gradescope, as root, when the image for this assignment is made: installs grader and what it needs.
set -euo pipefail
autograder="${AUTOGRADER:-/autograder}"

suitable() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${GRADER_PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && suitable "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    apt-get update
    # The first is the Python of newer images, the second is there for Ubuntu 22.04.
    apt-get install -y python3 python3-venv || true
    find_python >/dev/null || apt-get install -y python3.11 python3.11-venv
    python="$(find_python)" || {
        echo "setup.sh: grader needs Python 3.11 or newer; choose a newer base image in Gradescope" >&2
        exit 1
    }
fi

"$python" -m venv --clear "$autograder/venv"
"$autograder/venv/bin/pip" install --quiet --disable-pip-version-check "$autograder"/source/grader-*.whl
"$autograder/venv/bin/python" -m grader --version
chmod -R go-rwx "$autograder/source"
# For the log: what keeps submissions in. While an image is made, less may be allowed than later.
"$autograder/venv/bin/python" -m grader doctor || true
