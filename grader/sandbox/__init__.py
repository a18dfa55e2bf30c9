"""The sandbox: submissions run in processes of their own, and only data comes out.

Theory of operation. Three kinds of processes:

    trusted process                       hidden tests, reference, comparison; this package except worker/
     └ bubblewrap (mode `full` only)      builds namespaces and a read-only view of a few folders, then waits
        └ waiter                          made the zygote's namespaces, waits for it
           └ zygote                       Python + NumPy preloaded, no secrets, init of its own PID namespace
              ├ worker                    locked in, runs one submission, init of its own PID namespace
              └ …

Three channels. The *control channel* (SOCK_SEQPACKET, trusted process ↔ zygote) carries orders to fork and reports of
exits, with descriptors attached; no submission can reach it, because a worker has only descriptors 0 to 3. The *call
socket* (stream, trusted process ↔ one worker) carries frames of grader.worker.wire; the trusted side reads them
against limits and a deadline, and believes nothing. The *output pipe* takes what the submission prints; it is drained
in the same poll loop, kept up to a limit and never interpreted.

Ends. A worker is killed through its pidfd, and with it, as init of its namespace, all that it may have started. The
zygote ends when the control channel closes, bubblewrap when the trusted process dies. A zygote that died is replaced
at the next spawn.

Modes: `full` as above; `reduced` without bubblewrap and namespaces (Landlock, seccomp and limits remain); `none`
without any wall, for a learner's own code.
"""
