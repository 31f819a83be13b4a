----------------------------- MODULE ReplayZab ------------------------------
(***************************************************************************)
(* Zab in the steps that a driver of real peers can take with them, and    *)
(* what of a state such a driver can see: behaviours of this module are    *)
(* run in the Java core, and its graph is covered there edge by edge.      *)
(*                                                                         *)
(* As in MCZab, who follows has a link at once, and who crashes starts     *)
(* again at once; messages are taken one by one. Parameters come from sets *)
(* that are known beforehand, so that a step's name tells all about it.    *)
(***************************************************************************)
EXTENDS MCZab

CONSTANTS
    MaxTasks, \* how many tasks of a disk a crash may find done
    Old,      \* how many transactions of an epoch that is over each server begins with
    Ahead     \* which servers begin with one more, that nobody else has

\* The core begins to send its replica in the step in which it sees that it has to, unless the
\* log's files may have what is missing.
Begins(l, s) ==
    /\ peer[l].table[s].stage = "WAITING"
    /\ PlanOfLog(peer[l], s).kind = "SNAP"

\* Messages wait for the disk, and no deadline is over before it has answered.
Waits(s) == peer[s].phase = "LEARNER_SYNCHRONIZATION" /\ ~IsSettled(peer[s])

\* Servers that come back: what their disks have kept is different.
Kept(s) == IF s \in Ahead THEN Old + 1 ELSE Old
MostEntries == MaxTxns + Old + IF Ahead = {} THEN 0 ELSE 1
Entries(n) ==
    LET first == CHOOSE s \in Server : \A t \in Server : s <= t
    IN  [c \in 1..n |-> [z |-> Z(Before, c), by |-> first]]
ReplayInit ==
    /\ peer = [s \in Server |-> IF Kept(s) = 0 THEN NewPeer ELSE Reread(NewPeer, Entries(Kept(s)))]
    /\ NothingHasHappened

Restart(s, keep, done, old) ==
    /\ faults.crashes < MaxCrashes
    /\ done <= Len(peer[s].tasks) /\ keep \in Keeps(peer[s])
    /\ MaySurvive(peer[s], keep, done, old)
    /\ CrashLinks(s)
    /\ peer' = [peer EXCEPT ![s] = Surviving(@, keep, done, old)]
    /\ UNCHANGED <<com, begun>> /\ Fault("crashes")

LosePatience(s) == ~Waits(s) /\ TimeOut(s)

ReplayNext ==
    \/ \E s \in Server :
        \/ MCLead(s) \/ LosePatience(s) \/ Propose(s)
        \/ AcceptedEpochSaved(s) \/ CurrentEpochSaved(s) \/ Reloaded(s) \/ SnapshotSaved(s)
    \/ \E s \in Server, n \in 1..MostEntries : Durable(s, n)
    \/ \E s \in Server, keep \in 0..MostEntries, done \in 0..MaxTasks, old \in BOOLEAN :
        Restart(s, keep, done, old)
    \/ \E s, t \in Server :
        \/ MCFollow(s, t) \/ Break(s, t) \/ OnLinkDown(s, t)
        \/ OnLearnerInfo(s, t) \/ OnLeaderInfo(s, t) \/ OnAckEpoch(s, t) \/ OnSyncBegin(s, t)
        \/ OnSnapTail(s, t) \/ OnNewLeader(s, t) \/ OnUpToDate(s, t)
        \/ OnPropose(s, t) \/ OnCommit(s, t) \/ OnInform(s, t) \/ OnAck(s, t)
        \/ Confirm(s, t) \/ LogRead(s, t) \/ SnapshotBegins(s, t)

ReplaySpec == ReplayInit /\ [][ReplayNext]_vars

\* In larger steps, as in MCZab: this is how what breaks in a mistaken protocol is found soon.
Forced(s, n) == n = Len(peer[s].log) /\ Durable(s, n)

Tire(s) == ~Waits(s) /\ GiveUp(s)

LargeNext ==
    \/ \E s \in Server :
        \/ MCLead(s) \/ LosePatience(s) \/ Tire(s) \/ Propose(s)
        \/ AcceptedEpochSaved(s) \/ CurrentEpochSaved(s) \/ Reloaded(s) \/ SnapshotSaved(s)
    \/ \E s \in Server, n \in 1..MostEntries : Forced(s, n)
    \/ \E s \in Server, keep \in 0..MostEntries, done \in 0..MaxTasks, old \in BOOLEAN :
        Restart(s, keep, done, old)
    \/ \E s, t \in Server :
        \/ MCFollow(s, t) \/ Break(s, t) \/ OnLinkDown(s, t) \/ MCLearn(s, t)
        \/ OnLearnerInfo(s, t) \/ OnAckEpoch(s, t) \/ OnAck(s, t)
        \/ Confirm(s, t) \/ LogRead(s, t) \/ SnapshotBegins(s, t)

LargeSpec == ReplayInit /\ [][LargeNext]_vars

\* What the core does at once comes before all else.
AtOnce ==
    LET begins == {pair \in Server \X Server : Begins(pair[1], pair[2])}
    IN  begins # {} => \E pair \in begins : peer'[pair[1]].table[pair[2]].stage = "SYNCING"

\* The core reads its log for one learner after another, in the order in which they came, of which the specification
\* knows nothing: states in which two wait for it are beyond the bounds.
OneReads ==
    \A l \in Server :
        Cardinality({s \in Server : peer[l].table[s].stage = "WAITING" /\ ~Begins(l, s)}) <= 1

-----------------------------------------------------------------------------
(* What a driver can see                                                   *)

Told == {"phase", "log", "mark", "shown", "accepted", "diskAccepted", "promisedTo", "current",
         "tasks", "cut", "installing", "snapshot", "taking", "baseZxid"}

\* What a phase does not use may be anything.
Used(phase) ==
    CASE phase = "LEADER_DISCOVERY" ->
            {"epoch", "promised", "remembering", "heard", "newest", "asking", "table"}
      [] phase = "LEADER_SYNCHRONIZATION" -> {"epoch", "promised", "saving", "table"}
      [] phase = "LEADER_BROADCAST" -> {"epoch", "table"}
      [] phase = "LEARNER_DISCOVERY" -> {"leader", "epoch", "acknowledged"}
      [] phase = "LEARNER_SYNCHRONIZATION" ->
            {"leader", "epoch", "saving", "receiving", "complete", "completeTo", "acknowledged",
             "upToDate", "servable", "owed"}
      [] phase = "LEARNER_BROADCAST" -> {"leader", "epoch", "owed"}
      [] OTHER -> {}

\* Where a mistake has left more, or less, than there is, there is no such zxid.
LastApplied(r) ==
    IF r.applied = r.base THEN r.baseZxid
    ELSE IF r.applied \in DOMAIN r.log THEN r.log[r.applied].z ELSE -1

Seen(r) ==
    [f \in Told \cup Used(r.phase) |-> r[f]]
        @@ [logged |-> LastLogged(r), safe |-> DurableZxid(r), appliedTo |-> LastApplied(r)]

Peers == [s \in Server |-> Seen(peer[s])]
Around == [chan |-> chan, linked |-> linked, com |-> com]

\* So that servers may be written as numbers, whatever they are called.
Roles == <<Server, Voter, None>>
=============================================================================
