"""The messages of the control channel between the trusted process and the zygote; see `zygote` for their order."""

from __future__ import annotations

import msgspec

LOCKDOWN_FAILED = 97  # the exit code of a worker that could not shut all doors
LONGEST_DATAGRAM = 1 << 16


class Start(msgspec.Struct, tag="start"):
    """What holds for all workers. readable: paths that Landlock leaves open."""

    readable: list[str]
    has_own_pid_namespaces: bool
    has_landlock: bool
    has_seccomp: bool


class Ready(msgspec.Struct, tag="ready"):
    """The zygote waits for work."""

    landlock_abi: int
    numpy: str


class Spawn(msgspec.Struct, tag="spawn"):
    """Fork a worker. limits: amounts by resource.RLIMIT_* number. processor: the only one that it shall use, if any."""

    worker: int
    limits: dict[int, int]
    processor: int | None = None


class Spawned(msgspec.Struct, tag="spawned"):
    """The worker runs; its pidfd comes along."""

    worker: int


class Exited(msgspec.Struct, tag="exited"):
    """A worker was waited for. code: exit code, or minus the signal number."""

    worker: int
    code: int
    cpu_seconds: float
    max_rss_bytes: int


class Failed(msgspec.Struct, tag="failed"):
    """The zygote cannot do what it was told to; `reason` is for the trusted side."""

    reason: str


ToZygote = Start | Spawn
FromZygote = Ready | Spawned | Exited | Failed

encode = msgspec.msgpack.Encoder().encode
decode_order = msgspec.msgpack.Decoder(ToZygote).decode
decode_report = msgspec.msgpack.Decoder(FromZygote).decode
