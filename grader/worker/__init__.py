"""The untrusted side: what runs behind the wall.

This folder is all of ours that a submission's process can see. It imports the standard library, NumPy and
msgspec only, and uses relative imports only, because behind the wall `grader` has no other content.
"""
