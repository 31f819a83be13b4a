------------------------------- MODULE Watches -------------------------------
(***************************************************************************)
(* Reads and watches of one session, which goes from server to server:     *)
(* vivarium.core.session.Reads, Clients and vivarium.core.watch, and what  *)
(* ZooKeeper's clients do. Servers deliver beginnings of one sequence, as  *)
(* AtomicBroadcast has it; a transaction is the set of paths it concerns.  *)
(*                                                                         *)
(* What a server sends on one connection arrives in order; what is on its  *)
(* way when the connection breaks is lost, and so are the watches that the *)
(* server kept for it. The client then asks another server, which refuses  *)
(* it if it shows less than the client has seen, to set its watches again. *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Server, Path,
    MaxTxns, MaxReads, MaxBreaks,
    None,
    Mistake \* a mistake planted on purpose, "none" for none

VARIABLES
    agreed, \* the changes that have been agreed on
    shown,  \* shown[s]: how many of them s shows
    at,     \* the server to which the client is connected, or None
    asked,  \* reads on their way to it, each with a watch
    armed,  \* the watches that it keeps for the connection
    late,   \* events that a server with a mistake has not sent yet
    queue,  \* what is on its way to the client
    seen,   \* the newest zxid of a reply that the client has had
    watched,\* the client's own list of watches: what the reply showed that began it, -1 for none
    doubled,\* whether the client was told of what it does not watch
    counts

vars == <<agreed, shown, at, asked, armed, late, queue, seen, watched, doubled, counts>>

Count(kind) == counts' = [counts EXCEPT ![kind] = @ + 1]
NewestChange(p, n) ==
    LET of == {z \in 1..n : p \in agreed[z]}
    IN  IF of = {} THEN 0 ELSE CHOOSE z \in of : \A y \in of : y <= z
Event(p) == [type |-> "EVENT", path |-> p, z |-> 0]
Reply(p, z) == [type |-> "REPLY", path |-> p, z |-> z]

RECURSIVE Events(_)
Events(paths) ==
    IF paths = {} THEN <<>>
    ELSE LET p == CHOOSE p \in paths : TRUE IN <<Event(p)>> \o Events(paths \ {p})

Agree(p) ==
    /\ counts.txns < MaxTxns
    /\ agreed' = Append(agreed, {p})
    /\ Count("txns")
    /\ UNCHANGED <<shown, at, asked, armed, late, queue, seen, watched, doubled>>

\* A server applies the next transaction, and tells at once those that watch what it changes.
Apply(s) ==
    LET fired == IF at = s THEN armed \cap agreed[shown[s] + 1] ELSE {}
        events == Events(fired)
    IN
    /\ shown[s] < Len(agreed)
    /\ shown' = [shown EXCEPT ![s] = @ + 1]
    /\ queue' = IF Mistake \in {"firesLater", "neverFires"} THEN queue ELSE queue \o events
    /\ late' = IF Mistake = "firesLater" THEN late \o events ELSE late
    /\ armed' = IF Mistake = "firesForEver" \/ fired = {} THEN armed
                ELSE IF Mistake = "firesDisarmAll" THEN {} ELSE armed \ fired
    /\ UNCHANGED <<agreed, at, asked, seen, watched, doubled, counts>>

FireLate ==
    /\ late # <<>> /\ Head(late).type = "EVENT"
    /\ queue' = Append(queue, Head(late)) /\ late' = Tail(late)
    /\ UNCHANGED <<agreed, shown, at, asked, armed, seen, watched, doubled, counts>>

\* A getData with a watch.
Ask(p) ==
    /\ at # None /\ counts.reads < MaxReads
    /\ asked' = Append(asked, p)
    /\ Count("reads")
    /\ UNCHANGED <<agreed, shown, at, armed, late, queue, seen, watched, doubled>>

\* It is read and watched in one step. If the watch came in a later step than what was read, a
\* change between the two would be missed.
Answer ==
    /\ asked # <<>>
    /\ queue' = Append(queue, Reply(Head(asked), shown[at]))
    /\ armed' = IF Mistake = "watchesLater" THEN armed ELSE armed \cup {Head(asked)}
    /\ late' = IF Mistake = "watchesLater"
               THEN Append(late, [Event(Head(asked)) EXCEPT !.type = "ARM"]) ELSE late
    /\ asked' = Tail(asked)
    /\ UNCHANGED <<agreed, shown, at, seen, watched, doubled, counts>>

ArmLate ==
    /\ late # <<>> /\ Head(late).type = "ARM"
    /\ armed' = armed \cup {Head(late).path} /\ late' = Tail(late)
    /\ UNCHANGED <<agreed, shown, at, asked, queue, seen, watched, doubled, counts>>

Hear ==
    LET m == Head(queue) IN
    /\ queue # <<>> /\ queue' = Tail(queue)
    /\ IF m.type = "REPLY"
       THEN /\ seen' = IF m.z > seen THEN m.z ELSE seen
            /\ watched' = [watched EXCEPT ![m.path] = m.z]
            /\ doubled' = doubled
       ELSE /\ watched' = [watched EXCEPT ![m.path] = -1]
            /\ doubled' = (doubled \/ watched[m.path] < 0)
            /\ seen' = seen
    /\ UNCHANGED <<agreed, shown, at, asked, armed, late, counts>>

Break ==
    /\ at # None /\ counts.breaks < MaxBreaks
    /\ at' = None /\ asked' = <<>> /\ queue' = <<>> /\ armed' = {} /\ late' = <<>>
    /\ Count("breaks")
    /\ UNCHANGED <<agreed, shown, seen, watched, doubled>>

\* Connecting again and setting watches, which is the first that such a client asks. What has
\* changed since is told at once.
MissedAt(s) ==
    IF Mistake = "setWatchesOnlyArms" THEN {}
    ELSE {p \in Path : watched[p] >= 0 /\ NewestChange(p, shown[s]) > seen}

Connect(s) ==
    /\ at = None
    /\ shown[s] >= seen \/ Mistake = "behindIsWelcome"
    /\ at' = s
    /\ queue' = Events(MissedAt(s))
    /\ armed' = {p \in Path : watched[p] >= 0} \ MissedAt(s)
    /\ UNCHANGED <<agreed, shown, asked, late, seen, watched, doubled, counts>>

Init ==
    /\ agreed = <<>> /\ shown = [s \in Server |-> 0]
    /\ at = None /\ asked = <<>> /\ armed = {} /\ late = <<>> /\ queue = <<>>
    /\ seen = 0 /\ watched = [p \in Path |-> -1] /\ doubled = FALSE
    /\ counts = [txns |-> 0, reads |-> 0, breaks |-> 0]

Next ==
    \/ FireLate \/ ArmLate \/ Answer \/ Hear \/ Break
    \/ \E s \in Server : Apply(s) \/ Connect(s)
    \/ \E p \in Path : Agree(p) \/ Ask(p)

Spec == Init /\ [][Next]_vars
Fairness ==
    /\ WF_vars(Answer) /\ WF_vars(Hear)
    /\ \A s \in Server : WF_vars(Apply(s)) /\ WF_vars(Connect(s))
FairSpec == Spec /\ Fairness

-----------------------------------------------------------------------------

\* What is watched and has changed is told before anything as new is shown.
WatchBeforeData ==
    \A p \in Path : watched[p] >= 0 => ~ \E z \in (watched[p] + 1)..seen : p \in agreed[z]

\* No watch is lost: the server keeps it, or the event is on its way.
WatchComplete ==
    \A p \in Path : at # None /\ watched[p] >= 0 =>
        p \in armed \/ \E i \in 1..Len(queue) : queue[i].path = p /\ queue[i].type = "EVENT"

\* Nobody is told of what he does not watch, nor twice.
WatchOnce == ~doubled

\* A client that goes elsewhere does not go back.
MonotonicReads ==
    \A i \in 1..Len(queue) : queue[i].type = "REPLY" => queue[i].z >= seen

\* A client gets its answers, and hears of each change of what it watches.
WatchDelivered ==
    \A p \in Path :
        watched[p] >= 0 /\ NewestChange(p, Len(agreed)) > watched[p]
            ~> watched[p] < 0 \/ NewestChange(p, Len(agreed)) <= watched[p]

Service == INSTANCE CoordService
IsService == Service!Spec
=============================================================================
