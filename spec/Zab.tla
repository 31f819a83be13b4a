-------------------------------- MODULE Zab --------------------------------
(***************************************************************************)
(* Zab as the core takes it, step by step: an action here is one step of   *)
(* one peer there, or something that befalls a link or a machine.          *)
(*                                                                         *)
(* Each peer is a record; a step is a function from records to records,    *)
(* and what it sends gathers in the field `out` until the step is over.    *)
(* Who is elected is left open (any server may lead whom it likes): safety *)
(* does not rest on the election, which has a module of its own.           *)
(*                                                                         *)
(* README.md has the table of actions and the code that takes them.        *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Server,      \* all of them
    Voter,       \* those that count; the others are observers
    None,        \* no server
    K,           \* a zxid is epoch * K + counter
    MaxEpoch,    \* no newer one is opened
    MaxTxns,     \* how many proposals there are in all
    MaxCrashes,  \* how many crashes
    MaxBreaks,   \* how many links break for no reason
    MaxGiveUps,  \* how often somebody loses patience
    Recent,      \* how many applied proposals are kept for learners that are a little behind
    Fresh,       \* whether servers begin without any snapshot on disk
    Mistake      \* a mistake planted on purpose, "none" for none

ASSUME Voter \subseteq Server /\ None \notin Server /\ K > MaxTxns

VARIABLES
    peer,    \* peer[s]: all that a server knows, and what its disk holds
    chan,    \* chan[s][t]: what is on its way from s to t, in order
    linked,  \* the pairs between which there is a link, each a set of two
    knock,   \* what a learner has said to whom it would follow, who has not listened yet
    com,     \* history variable: the longest history that was ever committed
    begun,   \* history variable: the reigns, each with its leader and the history it began with
    faults   \* how many there have been of each bounded kind

vars == <<peer, chan, linked, knock, com, begun, faults>>

-----------------------------------------------------------------------------
(* Zxids, histories, quorums                                               *)

Z(e, c) == e * K + c
EpochOf(z) == z \div K
CounterOf(z) == z % K
Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b
Last(seq) == seq[Len(seq)]
IsPrefix(a, b) == Len(a) <= Len(b) /\ SubSeq(b, 1, Len(a)) = a
IsQuorum(set) ==
    LET n == Cardinality(set \cap Voter)
    IN  IF Mistake = "quorumIsHalf" THEN 2 * n >= Cardinality(Voter)
        ELSE IF Mistake = "observersCount" THEN 2 * Cardinality(set) > Cardinality(Voter)
        ELSE 2 * n > Cardinality(Voter)

\* How many entries of a log have zxids of at most z.
UpTo(log, z) == Cardinality({i \in 1..Len(log) : log[i].z <= z})

-----------------------------------------------------------------------------
(* A peer                                                                  *)

\* A learner remembers if it has been part of an epoch before: then it has on its disk what it
\* acknowledged. A voter that has not may be new, or have lost its disk.
\* Without memory, it may have to wait, patiently, until all who have one follow.
NoLearner == [stage |-> "NONE", last |-> 0, acked |-> 0, remembers |-> FALSE, patient |-> FALSE]

\* What a phase knows is gone with it.
Idle == [
    phase |-> "LOOKING", leader |-> None, epoch |-> 0, promised |-> {}, remembering |-> {}, heard |-> {},
    newest |-> 0, asking |-> FALSE, table |-> [s \in Server |-> NoLearner],
    saving |-> FALSE, receiving |-> FALSE, complete |-> FALSE, completeTo |-> 0,
    acknowledged |-> FALSE, upToDate |-> FALSE, servable |-> 0, owed |-> <<>>,
    batch |-> FALSE]

\* Servers that are not new have seen an epoch in which nothing happened.
Before == IF Fresh THEN 0 ELSE 1

\* What it keeps from phase to phase. On disk: log up to `durable`, `mark`, `diskAccepted`,
\* `current`, `snapshot`; tasks that the disk has not confirmed are in `tasks`.
Born == [
    log |-> <<>>,         \* its whole history, newest last; an entry is a zxid and who proposed it
    durable |-> 0,        \* how many of them the disk has confirmed
    applied |-> 0,        \* how many of them the replica has
    base |-> 0,           \* how many of them it can't send to others any more
    recent |-> Recent,
    baseZxid |-> 0,       \* the zxid of the last of those
    mark |-> 0,           \* the name of the snapshot that it was sent, if that is newer than its log
    shown |-> 0,          \* the zxid that the replica shows
    accepted |-> Before,  \* the newest epoch promised, or about to be
    diskAccepted |-> Before, \* those of its promises that a crash can't take back
    promisedTo |-> None,  \* to whom the newest was made; forgotten in a crash
    current |-> Before,   \* the epoch whose history it holds
    tasks |-> <<>>,       \* epochs on their way to the disk
    cut |-> -1,           \* where the log is being cut, -1 for nowhere
    installing |-> FALSE, \* whether a received replica is on its way to the disk
    instead |-> <<>>,     \* what the disk holds until that is there: the log,
    insteadDurable |-> 0, \* and how much of it was confirmed
    insteadMark |-> 0,
    snapshot |-> ~Fresh,  \* whether there is a snapshot on disk, without which a log is worth nothing
    taking |-> FALSE,
    out |-> <<>>]

LastLogged(r) ==
    IF r.cut >= 0 THEN r.cut
    ELSE Max(r.mark, IF r.log = <<>> THEN 0 ELSE Last(r.log).z)
DurableZxid(r) ==
    LET all == Max(r.mark, IF r.durable = 0 THEN 0 ELSE r.log[r.durable].z)
    IN  IF r.cut >= 0 THEN Min(all, r.cut) ELSE all
IsDurable(r) == r.durable = Len(r.log)
IsSettled(r) == r.cut < 0 /\ ~r.installing
Leads(r) == r.phase \in {"LEADER_DISCOVERY", "LEADER_SYNCHRONIZATION", "LEADER_BROADCAST"}
Learns(r) == r.phase \in {"LEARNER_DISCOVERY", "LEARNER_SYNCHRONIZATION", "LEARNER_BROADCAST"}
Serves(r) == r.phase \in {"LEADER_BROADCAST", "LEARNER_BROADCAST"}

Send(r, to, message) == [r EXCEPT !.out = Append(@, <<to, message>>)]
Close(r, to) == Send(r, to, [type |-> "CLOSE"])

RECURSIVE SendAll(_, _, _)
SendAll(r, to, messages) ==
    IF messages = <<>> THEN r ELSE SendAll(Send(r, to, Head(messages)), to, Tail(messages))

\* `rest` to each of a set of servers, in any order: the channels are apart.
ForEach(r, set, F(_, _)) ==
    LET done[part \in SUBSET set] ==
            IF part = {} THEN r
            ELSE LET s == CHOOSE x \in part : TRUE IN F(done[part \ {s}], s)
    IN  done[set]

\* A phase ends; another begins with nothing but what is kept.
Become(r, phase) ==
    [f \in DOMAIN r |->
        IF f = "phase" THEN phase ELSE IF f \in DOMAIN Idle THEN Idle[f] ELSE r[f]]

Linked(r) == {s \in Server : r.table[s].stage # "NONE"}

\* Back to looking for a leader; links are given up.
Look(r) ==
    LET closed ==
            IF Leads(r) THEN ForEach(r, Linked(r), Close)
            ELSE IF Learns(r) THEN Close(r, r.leader)
            ELSE r
    IN  Become(closed, "LOOKING")

Forget(r, s) == [r EXCEPT !.table[s] = NoLearner]
Drop(r, s) == Close(Forget(r, s), s)

\* Entries leave the tail for the replica.
Apply(r, count) ==
    IF count <= r.applied THEN r
    ELSE LET base == Max(r.base, count - r.recent)
         IN  [r EXCEPT !.applied = count, !.shown = r.log[count].z, !.base = base,
                       !.baseZxid = IF base > r.base THEN r.log[base].z ELSE @]

Log(r, entry) == [r EXCEPT !.log = Append(@, entry)]
LogOwn(r, entry) ==
    IF Mistake = "newBeforeOld" THEN [r EXCEPT !.log = <<entry>> \o @] ELSE Log(r, entry)

\* Whether a leader may propose this next: within an epoch nothing is left out.
Follows(r, entry) ==
    \/ Mistake = "gaps" /\ entry.z > LastLogged(r)
    \/ IF EpochOf(entry.z) = EpochOf(LastLogged(r))
       THEN entry.z = LastLogged(r) + 1
       ELSE entry.z > LastLogged(r)

-----------------------------------------------------------------------------
(* How a learner is brought to the leader's history                        *)

Known(r) == {r.baseZxid} \cup {r.log[i].z : i \in (r.base + 1)..Len(r.log)}

\* Who does not remember gets everything at once: with a part of it on its disk, it would pass for
\* one that does.
PlanBy(r, s, known) ==
    LET peerZxid == r.table[s].last
        older == {z \in known : z <= peerZxid}
        found == IF older = {} THEN -1 ELSE CHOOSE z \in older : \A y \in older : y <= z
    IN  IF s \in Voter /\ ~r.table[s].remembers /\ EpochOf(LastLogged(r)) > 0
        THEN [kind |-> "SNAP", from |-> 0]
        ELSE IF found >= 0 /\ (found = peerZxid \/ peerZxid = Z(r.epoch, 0))
        THEN [kind |-> "DIFF", from |-> found]
        ELSE IF found >= 0 /\ Mistake = "noTrunc"
        THEN [kind |-> "DIFF", from |-> found]
        ELSE IF found >= 0 /\ (EpochOf(found) = EpochOf(peerZxid) \/ Mistake = "truncAnywhere")
        THEN [kind |-> "TRUNC", from |-> found]
        ELSE [kind |-> "SNAP", from |-> 0]

Plan(r, s) == PlanBy(r, s, Known(r))

Proposals(r, from, to) == [i \in 1..(to - from) |-> [type |-> "PROPOSAL", entry |-> r.log[from + i]]]

RECURSIVE WithCommits(_)
WithCommits(proposals) ==
    IF proposals = <<>> THEN <<>>
    ELSE <<Head(proposals), [type |-> "COMMIT", z |-> Head(proposals).entry.z]>>
            \o WithCommits(Tail(proposals))

Rest(r, s, from) ==
    WithCommits(Proposals(r, Min(from, r.applied), r.applied))
        \o (IF s \in Voter /\ Mistake # "committedOnly"
            THEN Proposals(r, Max(from, r.applied), Len(r.log)) ELSE <<>>)
        \o <<[type |-> "NEWLEADER", epoch |-> r.epoch]>>

SynchronizeBy(r, s, plan) ==
    LET from == UpTo(r.log, plan.from)
    IN  CASE plan.kind = "DIFF" ->
                SendAll(
                    [r EXCEPT !.table[s] =
                        [NoLearner EXCEPT !.stage = "SYNCING", !.acked = r.table[s].last]],
                    s, <<[type |-> "DIFF", z |-> r.shown]>> \o Rest(r, s, from))
          [] plan.kind = "TRUNC" ->
                SendAll(
                    [r EXCEPT !.table[s] = [NoLearner EXCEPT !.stage = "SYNCING"]],
                    s, <<[type |-> "TRUNC", z |-> plan.from]>> \o Rest(r, s, from))
          [] plan.kind = "SNAP" -> [r EXCEPT !.table[s].stage = "WAITING"]

Synchronize(r, s) == SynchronizeBy(r, s, Plan(r, s))

\* What the log's files have, memory need not know: the learner's place may be found in them.
PlanOfLog(r, s) == PlanBy(r, s, {r.log[i].z : i \in 1..Len(r.log)})

\* A picture of the replica; never older than the epoch, so that nothing in the learner's log
\* comes behind it. What is proposed from here on comes behind it.
BeginSnapshot(r, s) ==
    LET zxid == IF Mistake = "snapshotOlderThanEpoch" THEN r.shown ELSE Max(r.shown, Z(r.epoch, 0))
    IN  SendAll(
            [r EXCEPT !.table[s] = [NoLearner EXCEPT !.stage = "SYNCING"]], s,
            <<[type |-> "SNAP"],
              [type |-> "SNAPTAIL", z |-> zxid, log |-> SubSeq(r.log, 1, r.applied)]>>
                \o Rest(r, s, r.applied))

-----------------------------------------------------------------------------
(* The leader                                                              *)

\* Two quorums have a server in common, but that helps only if it remembers what it said.
HasPromises(r) == IsQuorum(r.remembering) \/ Voter \subseteq r.promised

\* With what the leader sends it, a voter that does not remember becomes one that does. Only a
\* leader that needs those too may make it so at once; later, see Confirm.
NeedsAll(r) ==
    Voter \subseteq r.promised /\ (~IsQuorum(r.remembering) \/ Cardinality(Voter) = 2)
MayBeSynchronized(r, s, self) ==
    \/ s \notin Voter
    \/ r.table[s].remembers
    \/ r.phase # "LEADER_BROADCAST" /\ NeedsAll(r) /\ r.remembering \subseteq {s, self}
Synced(r) == {s \in Server : r.table[s].stage = "SYNCED"}

\* Everybody who has promised is brought to this history, all of it.
EnterLeaderSynchronization(r, self) ==
    LET entered ==
            [Apply(r, Len(r.log)) EXCEPT
                !.phase = "LEADER_SYNCHRONIZATION", !.asking = FALSE,
                !.remembering = IF Voter \subseteq r.promised THEN @ ELSE {},
                !.promised = IF Voter \subseteq @ THEN @ ELSE {}]
        here == {s \in Server : r.table[s].stage = "PROMISED"}
        ready == {s \in here : MayBeSynchronized(entered, s, self)}
        Waits(q, s) == [q EXCEPT !.table[s].patient = NeedsAll(entered)]
    IN  ForEach(ForEach(entered, here \ ready, Waits), ready, Synchronize)

\* Those who have forgotten may have promised a newer epoch to one who remembers, before they lost
\* their disks: they are brought up when all who remember have followed this leader since.
BringUpPatient(r, self) ==
    LET patient == {s \in Server : r.table[s].patient}
    IN  IF Voter \subseteq Synced(r) \cup patient \cup {self}
        THEN ForEach(r, patient, Synchronize) ELSE r

PrepareOwnDisk(r, self) ==
    LET asked == IF ~r.snapshot /\ ~r.taking THEN [r EXCEPT !.taking = TRUE] ELSE r
    IN  IF asked.current # asked.epoch /\ IsDurable(asked) /\ ~asked.saving
        THEN [asked EXCEPT !.saving = TRUE, !.tasks = Append(@, <<"current", asked.epoch>>)]
        ELSE asked

EnterLeaderBroadcast(r) ==
    LET marked == [r EXCEPT !.phase = "LEADER_BROADCAST", !.shown = Max(@, Z(r.epoch, 0))]
        Welcome(q, s) == Send(q, s, [type |-> "UPTODATE"])
    IN  ForEach(marked, Synced(r), Welcome)

LeaderNext(r, self) ==
    LET inSync ==
            IF r.phase = "LEADER_DISCOVERY" /\ r.asking /\ HasPromises(r)
            THEN EnterLeaderSynchronization(r, self) ELSE r
        prepared ==
            IF inSync.phase = "LEADER_SYNCHRONIZATION"
            THEN PrepareOwnDisk(BringUpPatient(inSync, self), self) ELSE inSync
        counts == prepared.current = prepared.epoch /\ IsDurable(prepared) /\ prepared.snapshot
    IN  CASE prepared.phase = "LEADER_SYNCHRONIZATION" ->
                IF (counts \/ Mistake = "leaderIsAlwaysReady") /\ IsQuorum(Synced(prepared) \cup {self})
                THEN EnterLeaderBroadcast(prepared) ELSE prepared
          [] prepared.phase = "LEADER_BROADCAST" ->
                IF IsQuorum(Synced(prepared) \cup {self}) \/ Mistake = "leadsOnAlone"
                THEN prepared ELSE Look(prepared)
          [] OTHER -> prepared

\* For good: it goes to disk before it is told.
Promise(r, to, epoch) ==
    [r EXCEPT !.accepted = IF Mistake = "promiseForgotten" THEN @ ELSE epoch,
              !.promisedTo = to, !.tasks = Append(@, <<"accepted", epoch>>)]

\* This peer's own promise is on disk: others may be asked for theirs.
Ask(r, self) ==
    LET asking ==
            [r EXCEPT !.asking = TRUE, !.promised = @ \cup {self},
                      !.remembering = IF r.current > 0 THEN @ \cup {self} ELSE @]
        Tell(q, s) == Send(q, s, [type |-> "LEADERINFO", epoch |-> r.epoch])
    IN  ForEach(asking, Linked(asking), Tell)

\* A quorum was heard of: the epoch is one that none of them has promised to.
ChooseEpoch(r, self) ==
    IF r.epoch = 0 /\ IsQuorum(r.heard)
    THEN LET epoch ==
                IF Mistake = "epochFromLog" THEN Max(Before, EpochOf(LastLogged(r))) + 1 ELSE r.newest + 1
         IN  Promise([r EXCEPT !.epoch = epoch, !.heard = {}, !.newest = 0], self, epoch)
    ELSE r

\* Commits, in order, what a quorum has on disk.
RECURSIVE CommitAll(_, _)
CommitAll(r, self) ==
    IF r.phase # "LEADER_BROADCAST" \/ r.applied = Len(r.log) THEN r
    ELSE LET entry == r.log[r.applied + 1]
             have ==
                {s \in Synced(r) : r.table[s].acked >= entry.z}
                    \cup (IF r.durable > r.applied \/ Mistake = "ownAckAtOnce"
                          THEN {self} ELSE {})
             Hears(s) == r.table[s].stage \in {"SYNCING", "SYNCED"}
             Tell(q, s) ==
                Send(q, s, IF s \in Voter THEN [type |-> "COMMIT", z |-> entry.z]
                           ELSE [type |-> "INFORM", entry |-> entry])
         IN  IF IsQuorum(have)
             THEN CommitAll(
                    ForEach(Apply(r, r.applied + 1), {s \in Server : Hears(s)}, Tell), self)
             ELSE r

ProposeNext(r, self) ==
    LET end == IF Mistake = "countsOn" THEN LastLogged(r) ELSE Max(LastLogged(r), Z(r.epoch, 0))
        entry == [z |-> end + IF Mistake = "numberIsLost" THEN 2 ELSE 1, by |-> self]
        Hears(s) ==
            s \in Voter /\ r.table[s].stage \in
                (IF Mistake = "proposeToSyncedOnly" THEN {"SYNCED"} ELSE {"SYNCING", "SYNCED"})
        Tell(q, s) == Send(q, s, [type |-> "PROPOSAL", entry |-> entry])
    IN  ForEach(LogOwn(r, entry), {s \in Server : Hears(s)}, Tell)

-----------------------------------------------------------------------------
(* A learner                                                               *)

\* Tells the leader, one by one, of what it has proposed and is on disk now.
RECURSIVE Acknowledge(_)
Acknowledge(r) ==
    IF r.owed = <<>>
        \/ Head(r.owed) > (IF Mistake = "ackOnReceive" THEN LastLogged(r) ELSE DurableZxid(r))
    THEN r
    ELSE Acknowledge(Send([r EXCEPT !.owed = Tail(@)], r.leader, [type |-> "ACK", z |-> Head(r.owed)]))

\* A proposal of the leader is logged; it waits to hear of that.
LogAndOwe(r, self, entry) ==
    [Log(r, entry) EXCEPT !.owed = IF self \in Voter THEN Append(@, entry.z) ELSE @]

\* What the leader calls history it does not wait to hear of.
Settle(r, zxid) ==
    IF r.acknowledged THEN r ELSE [r EXCEPT !.owed = SelectSeq(@, LAMBDA z : z > zxid)]

MayServe(r) == r.upToDate /\ (r.servable = 0 \/ Mistake = "servesDoubtful")

EnterLearnerBroadcast(r, self) ==
    [r EXCEPT !.phase = "LEARNER_BROADCAST", !.shown = Max(@, Z(r.epoch, 0)),
              !.complete = FALSE, !.completeTo = 0, !.upToDate = FALSE, !.acknowledged = FALSE,
              !.saving = FALSE, !.servable = 0]

\* Log, then epoch, then acknowledge. Of several messages that waited for the disk together, this
\* follows on the last one only.
LearnerNext(r, self) ==
    IF r.batch /\ ~MayServe(r) THEN r
    ELSE IF r.phase = "LEARNER_BROADCAST" THEN Acknowledge(r)
    ELSE IF r.phase # "LEARNER_SYNCHRONIZATION" THEN r
    ELSE
        LET has ==
                r.complete /\ ~r.acknowledged
                    /\ (r.durable >= r.completeTo \/ Mistake \in {"ackBeforeForce", "epochBeforeLog"})
            acked ==
                IF ~has THEN r
                ELSE IF r.current = r.epoch
                THEN IF r.durable >= r.completeTo \/ Mistake = "ackBeforeForce"
                     THEN Send([r EXCEPT !.acknowledged = TRUE], r.leader,
                               [type |-> "ACK", z |-> Z(r.epoch, 0)])
                     ELSE r
                ELSE IF Mistake = "ackBeforeEpoch"
                THEN Send([r EXCEPT !.acknowledged = TRUE], r.leader,
                          [type |-> "ACK", z |-> Z(r.epoch, 0)])
                ELSE IF ~r.saving /\ r.snapshot
                THEN [r EXCEPT !.saving = TRUE, !.tasks = Append(@, <<"current", r.epoch>>)]
                ELSE IF ~r.taking /\ ~r.snapshot THEN [r EXCEPT !.taking = TRUE]
                ELSE r
            told == IF acked.acknowledged THEN Acknowledge(acked) ELSE acked
        IN  IF MayServe(told) THEN EnterLearnerBroadcast(told, self) ELSE told

\* What is here and committed at the leader is committed here without another word.
OnDiff(r, zxid) ==
    LET applied == Apply(r, Max(r.applied, UpTo(r.log, zxid)))
        doubtful == applied.shown > zxid /\ CounterOf(applied.shown) # 0
    IN  [applied EXCEPT !.servable = IF doubtful THEN applied.shown ELSE 0]

OnTrunc(r, zxid) == IF zxid < LastLogged(r) THEN [r EXCEPT !.cut = zxid] ELSE r

\* The received replica takes the place of all that was here, once the disk has it.
Install(r, message) ==
    [r EXCEPT
        !.log = message.log, !.durable = Len(message.log), !.applied = Len(message.log),
        !.base = Len(message.log), !.baseZxid = message.z, !.shown = message.z,
        !.mark = message.z, !.installing = TRUE,
        !.instead = r.log, !.insteadDurable = r.durable, !.insteadMark = r.mark,
        !.receiving = FALSE]

\* A commit while synchronizing; false if the leader does not keep to the protocol.
CommitIsExpected(r, zxid) ==
    IF r.applied = Len(r.log) THEN zxid <= r.shown ELSE zxid <= r.log[r.applied + 1].z

OnSyncCommit(r, zxid) ==
    LET served == Settle(IF zxid >= r.servable THEN [r EXCEPT !.servable = 0] ELSE r, zxid)
    IN  IF r.applied < Len(r.log) /\ r.log[r.applied + 1].z = zxid
        THEN Apply(served, r.applied + 1) ELSE served

-----------------------------------------------------------------------------
(* What each message does to server s that has it from t                   *)

\* A learner has a link to the leader that it has found.
LinkUpHeard(r, s, t) ==
    IF r.phase = "LEARNER_DISCOVERY" /\ r.leader = t
    THEN Send(r, t, [type |-> "LEARNERINFO", accepted |-> r.accepted])
    ELSE IF Leads(r) THEN r
    ELSE Close(r, t)

LinkDownHeard(r, s, t) ==
    IF Leads(r) THEN LeaderNext(Forget(r, t), s)
    ELSE IF r.leader # t THEN r
    ELSE IF r.phase = "LEARNER_DISCOVERY" THEN [r EXCEPT !.epoch = 0, !.acknowledged = FALSE]
    ELSE IF Learns(r) THEN Look(r)
    ELSE r

\* A voter that has promised a newer epoch can't follow: the leader makes way.
LearnerInfoHeard(r, s, t, info) ==
    LET greeted == [r EXCEPT !.table[t] = [NoLearner EXCEPT !.stage = "GREETED"]]
        heard ==
            IF r.phase = "LEADER_DISCOVERY" /\ r.epoch = 0
                /\ (t \in Voter \/ Mistake = "observersCount")
            THEN ChooseEpoch(
                    [greeted EXCEPT !.heard = @ \cup {t}, !.newest = Max(@, info.accepted)], s)
            ELSE greeted
        answered ==
            IF r.phase # "LEADER_DISCOVERY" \/ r.asking
            THEN Send(heard, t, [type |-> "LEADERINFO", epoch |-> heard.epoch])
            ELSE heard
        isAhead == t \in Voter /\ heard.epoch > 0 /\ info.accepted > heard.epoch
    IN  IF isAhead THEN Look(answered) ELSE LeaderNext(answered, s)

\* Tells of the promise as soon as it is on disk. It must not count for two leaders that want the
\* same epoch.
AcknowledgePromise(r) ==
    IF r.phase # "LEARNER_DISCOVERY" \/ r.epoch = 0 \/ r.acknowledged
        \/ (r.diskAccepted < r.accepted /\ Mistake # "promiseBeforeDisk")
    THEN r
    ELSE LET promised == r.promisedTo = r.leader \/ Mistake = "promiseCountsTwice"
         IN  Send([r EXCEPT !.acknowledged = TRUE], r.leader,
                [type |-> "ACKEPOCH", promised |-> promised, last |-> LastLogged(r),
                 current |-> IF promised THEN r.current ELSE -1])

\* A promise: to follow nobody who has opened an older epoch.
LeaderInfoHeard(r, s, t, info) ==
    LET promised == IF info.epoch > r.accepted THEN Promise(r, t, info.epoch) ELSE r
    IN  IF r.phase # "LEARNER_DISCOVERY"
            \/ (info.epoch < r.accepted /\ Mistake # "followsOldEpochs")
        THEN Look(r)
        ELSE AcknowledgePromise([promised EXCEPT !.epoch = info.epoch])

AckEpochHeard(r, s, t, ack) ==
    LET remembers == ack.current > 0 \/ (ack.current < 0 /\ EpochOf(ack.last) > 0)
        noted ==
            [r EXCEPT !.table[t] = [NoLearner EXCEPT !.stage = "PROMISED", !.last = ack.last,
                                                     !.remembers = remembers]]
        isNewer ==
            ack.current > r.current \/ (ack.current = r.current /\ ack.last > LastLogged(r))
    IN  IF r.table[t].stage = "NONE" \/ (r.phase = "LEADER_DISCOVERY" /\ ~r.asking)
        THEN LeaderNext(Drop(r, t), s)
        ELSE IF r.phase = "LEADER_BROADCAST" /\ Mistake = "lateAreSentAway" THEN LeaderNext(Drop(r, t), s)
        ELSE IF r.phase # "LEADER_DISCOVERY" THEN LeaderNext(IF MayBeSynchronized(noted, t, s) THEN Synchronize(noted, t) ELSE noted, s)
        ELSE IF ~ack.promised \/ (t \notin Voter /\ Mistake # "observersCount")
        THEN LeaderNext(noted, s)
        ELSE IF isNewer /\ Mistake # "neverGivesWay" THEN Look(noted)
        ELSE LeaderNext(
                [noted EXCEPT !.promised = @ \cup {t},
                              !.remembering = IF remembers THEN @ \cup {t} ELSE @], s)

\* DIFF, TRUNC or SNAP begins the synchronization; before a promise it is out of place.
SyncBeginHeard(r, s, t, message) ==
    LET entered == [r EXCEPT !.phase = "LEARNER_SYNCHRONIZATION", !.acknowledged = FALSE]
    IN  IF r.phase # "LEARNER_DISCOVERY" \/ ~r.acknowledged THEN Look(r)
        ELSE CASE message.type = "DIFF" -> LearnerNext(OnDiff(entered, message.z), s)
               [] message.type = "TRUNC" ->
                    IF message.z > LastLogged(r) THEN Look(r) ELSE OnTrunc(entered, message.z)
               [] message.type = "SNAP" -> [entered EXCEPT !.receiving = TRUE]

SnapTailHeard(r, s, t, message) == IF r.receiving THEN Install(r, message) ELSE Look(r)

ProposalHeard(r, s, t, message) ==
    IF r.receiving \/ ~Follows(r, message.entry) THEN Look(r)
    ELSE LearnerNext(LogAndOwe(r, s, message.entry), s)

CommitHeard(r, s, t, message) ==
    IF r.phase = "LEARNER_BROADCAST" THEN Apply(r, r.applied + 1)
    ELSE IF r.receiving \/ ~CommitIsExpected(r, message.z) THEN Look(r)
    ELSE LearnerNext(OnSyncCommit(r, message.z), s)

InformHeard(r, s, t, message) ==
    LET logged == LogAndOwe(r, s, message.entry) IN
    IF r.receiving \/ ~Follows(r, message.entry) THEN Look(r)
    ELSE IF r.phase = "LEARNER_BROADCAST" THEN Apply(logged, r.applied + 1)
    ELSE LearnerNext(OnSyncCommit(logged, message.entry.z), s)

NewLeaderHeard(r, s, t, message) ==
    IF r.phase # "LEARNER_SYNCHRONIZATION" \/ r.complete \/ r.receiving \/ message.epoch # r.epoch
    THEN Look(r)
    ELSE LearnerNext([r EXCEPT !.complete = TRUE, !.completeTo = Len(r.log)], s)

UpToDateHeard(r, s, t) ==
    IF r.phase = "LEARNER_BROADCAST" THEN r
    ELSE IF ~r.acknowledged THEN Look(r)
    ELSE LearnerNext([r EXCEPT !.upToDate = TRUE], s)

AckHeard(r, s, t, message) ==
    LET isFirst == r.table[t].stage = "SYNCING" /\ message.z = Z(r.epoch, 0)
        synced == [r EXCEPT !.table[t].stage = "SYNCED"]
        welcomed ==
            IF Mistake = "lateAreNotWelcome" THEN synced ELSE Send(synced, t, [type |-> "UPTODATE"])
        acked == [r EXCEPT !.table[t].acked = Max(@, message.z)]
    IN  IF r.phase = "LEADER_BROADCAST" /\ r.table[t].stage # "NONE"
        THEN IF isFirst THEN LeaderNext(CommitAll(welcomed, s), s)
             ELSE IF message.z <= LastLogged(r) THEN LeaderNext(CommitAll(acked, s), s)
             ELSE LeaderNext(Drop(r, t), s)
        ELSE IF r.phase = "LEADER_SYNCHRONIZATION"
        THEN LeaderNext(IF isFirst THEN synced ELSE Drop(r, t), s)
        ELSE LeaderNext(Drop(r, t), s)

\* While a cut or a received replica is on its way to the disk, a learner lets messages wait.
Hears(r, t) ==
    /\ r.phase # "DOWN"
    /\ r.phase = "LEARNER_SYNCHRONIZATION" /\ r.leader = t
        => IsSettled(r) \/ Mistake = "logsBehindUnsettled"

\* There may be a link of which an earlier phase had not heard anything yet: it is closed, otherwise
\* whoever is at its other end would wait until its time is over.
IsStrange(r, t) == ~Leads(r) /\ (r.phase = "LOOKING" \/ r.leader # t)

Said(r, s, t, m) ==
    CASE m.type = "LEARNERINFO" -> LearnerInfoHeard(r, s, t, m)
      [] m.type = "LEADERINFO" -> LeaderInfoHeard(r, s, t, m)
      [] m.type = "ACKEPOCH" -> AckEpochHeard(r, s, t, m)
      [] m.type \in {"DIFF", "TRUNC", "SNAP"} -> SyncBeginHeard(r, s, t, m)
      [] m.type = "SNAPTAIL" -> SnapTailHeard(r, s, t, m)
      [] m.type = "PROPOSAL" -> ProposalHeard(r, s, t, m)
      [] m.type = "COMMIT" -> CommitHeard(r, s, t, m)
      [] m.type = "INFORM" -> InformHeard(r, s, t, m)
      [] m.type = "NEWLEADER" -> NewLeaderHeard(r, s, t, m)
      [] m.type = "UPTODATE" -> UpToDateHeard(r, s, t)
      [] m.type = "ACK" -> AckHeard(r, s, t, m)

Heard(r, s, t, m) ==
    CASE m.type = "UP" -> LinkUpHeard(r, s, t)
      [] m.type = "DOWN" -> LinkDownHeard(r, s, t)
      [] m.type \notin {"UP", "DOWN"} /\ IsStrange(r, t) ->
            IF Mistake = "strangersWait" THEN r ELSE Close(r, t)
      [] OTHER -> Said(r, s, t, m)

-----------------------------------------------------------------------------
(* What is sent goes out when the step is over                             *)

NoKnock == [to |-> None, accepted |-> 0]
Down == [type |-> "DOWN"]

RECURSIVE Flush(_, _, _, _, _)
Flush(out, self, ch, ln, kn) ==
    IF out = <<>> THEN [ch |-> ch, ln |-> ln, kn |-> kn]
    ELSE
        LET to == Head(out)[1]
            message == Head(out)[2]
            there == {self, to} \in ln
        IN  CASE message.type = "CLOSE" ->
                    Flush(Tail(out), self,
                        [ch EXCEPT
                            ![to][self] = <<>>,
                            ![self][to] =
                                IF there THEN Append(@, Down) ELSE @],
                        ln \ {{self, to}},
                        [kn EXCEPT ![self] = IF @.to = to THEN NoKnock ELSE @])
              [] message.type = "LEARNERINFO" ->
                    Flush(Tail(out), self, ch, ln,
                        [kn EXCEPT ![self] = [to |-> to, accepted |-> message.accepted]])
              [] OTHER ->
                    Flush(Tail(out), self,
                        IF there THEN [ch EXCEPT ![self][to] = Append(@, message)] ELSE ch, ln, kn)

Committed(r) == IF r.phase = "LEADER_BROADCAST" THEN SubSeq(r.log, 1, r.applied) ELSE <<>>

\* Server s is now r; the channels were `before` when the step began to send.
Step(s, r, before) ==
    LET flushed == Flush(r.out, s, before, linked, knock)
        done == [r EXCEPT !.out = <<>>]
        seen == Committed(done)
    IN  /\ peer' = [peer EXCEPT ![s] = done]
        /\ chan' = flushed.ch
        /\ linked' = flushed.ln
        /\ knock' = flushed.kn
        /\ com' = IF IsPrefix(seen, com) THEN com ELSE seen
        /\ begun' =
            IF r.phase = "LEADER_BROADCAST" /\ peer[s].phase # "LEADER_BROADCAST"
            THEN begun \cup {[epoch |-> r.epoch, leader |-> s, history |-> r.log]}
            ELSE begun

Do(s, r) == Step(s, r, chan)

Fault(kind) == faults' = [faults EXCEPT ![kind] = @ + 1]
NoFault == UNCHANGED faults

-----------------------------------------------------------------------------
(* Looking                                                                 *)

\* Looking.settle, for itself.
Lead(s) ==
    LET r == peer[s] IN
    /\ r.phase = "LOOKING" /\ IsSettled(r) /\ r.accepted < MaxEpoch
    /\ s \in Voter \/ Mistake = "observerLeads"
    /\ LET looking == [Become(r, "LEADER_DISCOVERY") EXCEPT !.heard = {s}, !.newest = r.accepted]
       IN  Do(s, LeaderNext(ChooseEpoch(looking, s), s))
    /\ NoFault

Following(r, l) == [Become(r, "LEARNER_DISCOVERY") EXCEPT !.leader = l]

\* Looking.settle, for another.
Follow(s, l) ==
    /\ peer[s].phase = "LOOKING" /\ IsSettled(peer[s]) /\ l \in Voter \ {s}
    /\ Do(s, Following(peer[s], l))
    /\ NoFault

\* A time-out, in any phase.
GiveUp(s) ==
    /\ peer[s].phase \notin {"LOOKING", "DOWN"} /\ faults.giveUps < MaxGiveUps
    /\ Do(s, Look(peer[s]))
    /\ Fault("giveUps")

-----------------------------------------------------------------------------
(* Links                                                                   *)

\* A learner has the connection that it asked for.
Connect(s, l) ==
    /\ peer[s].phase = "LEARNER_DISCOVERY" /\ peer[s].leader = l /\ peer[l].phase # "DOWN"
    /\ chan' = [chan EXCEPT ![l][s] = Append(@, [type |-> "UP"])]
    /\ UNCHANGED <<peer, linked, knock, com, begun>> /\ NoFault

\* A leader listens to a learner that has said who it is; an older link with it is over.
Admit(s, l) ==
    /\ knock[s].to = l /\ Leads(peer[l])
    /\ linked' = linked \cup {{s, l}}
    /\ chan' = [chan EXCEPT ![s][l] =
            @ \o <<[type |-> "UP"], [type |-> "LEARNERINFO", accepted |-> knock[s].accepted]>>]
    /\ knock' = [knock EXCEPT ![s] = NoKnock]
    /\ UNCHANGED <<peer, com, begun>> /\ NoFault

\* Who does not lead sends it away, sooner or later.
Dismiss(s, l) ==
    /\ knock[s].to = l
    /\ knock' = [knock EXCEPT ![s] = NoKnock]
    /\ chan' = [chan EXCEPT ![l][s] = Append(@, Down)]
    /\ UNCHANGED <<peer, linked, com, begun>> /\ NoFault

\* The end of what is on its way may be lost with the link.
Break(s, t) ==
    /\ {s, t} \in linked \/ knock[s].to = t
    /\ faults.breaks < MaxBreaks
    /\ linked' = linked \ {{s, t}}
    /\ chan' = [chan EXCEPT ![s][t] = IF {s, t} \in linked THEN Append(@, Down) ELSE @,
                            ![t][s] = Append(@, Down)]
    /\ knock' = [knock EXCEPT ![s] = IF @.to = t THEN NoKnock ELSE @]
    /\ UNCHANGED <<peer, com, begun>> /\ Fault("breaks")

Downs(s, t) == {i \in 1..Len(chan[t][s]) : chan[t][s][i].type = "DOWN"}

\* It may overtake whatever was sent before.
OnLinkDown(s, t) ==
    /\ Downs(s, t) # {} /\ peer[s].phase # "DOWN"
    /\ LET first == CHOOSE i \in Downs(s, t) : \A j \in Downs(s, t) : i <= j
           after == [chan EXCEPT ![t][s] = SubSeq(@, first + 1, Len(@))]
       IN  Step(s, LinkDownHeard(peer[s], s, t), after)
    /\ NoFault

\* The leader gives a learner up that has been silent.
DropLearner(l, s) ==
    /\ Leads(peer[l]) /\ peer[l].table[s].stage # "NONE" /\ faults.giveUps < MaxGiveUps
    /\ Do(l, LeaderNext(Drop(peer[l], s), l))
    /\ Fault("giveUps")

-----------------------------------------------------------------------------
(* Messages                                                                *)

\* Server s takes the first message that it has from t, if it is of this type.
On(s, t, types) ==
    /\ chan[t][s] # <<>> /\ Head(chan[t][s]).type \in types /\ Hears(peer[s], t)
    /\ Step(s, Heard(peer[s], s, t, Head(chan[t][s])), [chan EXCEPT ![t][s] = Tail(@)])
    /\ NoFault

OnLinkUp(s, t) ==
    /\ chan[t][s] # <<>> /\ Head(chan[t][s]).type = "UP"
    /\ Step(s, LinkUpHeard(peer[s], s, t), [chan EXCEPT ![t][s] = Tail(@)])
    /\ NoFault

OnLearnerInfo(s, t) == On(s, t, {"LEARNERINFO"})
OnLeaderInfo(s, t) == On(s, t, {"LEADERINFO"})
OnAckEpoch(s, t) == On(s, t, {"ACKEPOCH"})
OnSyncBegin(s, t) == On(s, t, {"DIFF", "TRUNC", "SNAP"})
OnSnapTail(s, t) == On(s, t, {"SNAPTAIL"})
OnPropose(s, t) == On(s, t, {"PROPOSAL"})
OnCommit(s, t) == On(s, t, {"COMMIT"})
OnInform(s, t) == On(s, t, {"INFORM"})
OnNewLeader(s, t) == On(s, t, {"NEWLEADER"})
OnUpToDate(s, t) == On(s, t, {"UPTODATE"})
OnAck(s, t) == On(s, t, {"ACK"})

\* All others have said since that they follow this leader, or a quorum has, and nobody counts any longer
\* on what this voter has forgotten. (Pings and clocks are left out, and so are disks that are lost.)
Confirm(l, s) ==
    /\ peer[l].phase = "LEADER_BROADCAST" /\ peer[l].table[s].stage = "PROMISED"
    /\ Do(l, LeaderNext(Synchronize(peer[l], s), l))
    /\ NoFault

\* One learner at a time is sent the replica; the others wait for their turn.
SnapshotBegins(l, s) ==
    /\ peer[l].phase \in {"LEADER_SYNCHRONIZATION", "LEADER_BROADCAST"}
    /\ peer[l].table[s].stage = "WAITING"
    /\ Do(l, LeaderNext(BeginSnapshot(peer[l], s), l))
    /\ NoFault

\* The leader reads its log back, for a learner of whose place its memory does not know.
LogRead(l, s) ==
    /\ peer[l].phase \in {"LEADER_SYNCHRONIZATION", "LEADER_BROADCAST"}
    /\ peer[l].table[s].stage = "WAITING"
    /\ LET found == PlanOfLog(peer[l], s)
           plan == IF Mistake = "logReadSkips"
                   THEN [found EXCEPT !.from = peer[l].log[Min(Len(peer[l].log), UpTo(peer[l].log, @) + 1)].z]
                   ELSE found
       IN  /\ found.kind # "SNAP"
           /\ Do(l, LeaderNext(SynchronizeBy(peer[l], s, plan), l))
    /\ NoFault

-----------------------------------------------------------------------------
(* Broadcast                                                               *)

Propose(l) ==
    LET r == peer[l] IN
    /\ r.phase = "LEADER_BROADCAST" /\ faults.txns < MaxTxns
    /\ Do(l, LeaderNext(CommitAll(ProposeNext(r, l), l), l))
    /\ Fault("txns")

-----------------------------------------------------------------------------
(* The disk                                                                *)

\* All up to entry n is on disk.
Durable(s, n) ==
    LET r == [peer[s] EXCEPT !.durable = n] IN
    /\ peer[s].phase # "DOWN" /\ IsSettled(peer[s])
    /\ n > peer[s].durable /\ n <= Len(peer[s].log)
    /\ Do(s,
        IF Leads(r) THEN LeaderNext(CommitAll(r, s), s)
        ELSE LearnerNext(r, s))
    /\ NoFault

NextTask(s, kind) ==
    peer[s].phase # "DOWN" /\ peer[s].tasks # <<>> /\ Head(peer[s].tasks)[1] = kind

AcceptedEpochSaved(s) ==
    LET r == peer[s]
        epoch == Head(r.tasks)[2]
        saved == [r EXCEPT !.tasks = Tail(@), !.diskAccepted = epoch, !.accepted = Max(@, epoch)]
    IN
    /\ NextTask(s, "accepted")
    /\ Do(s,
        IF r.phase = "LEADER_DISCOVERY" /\ r.epoch = epoch /\ ~r.asking
        THEN LeaderNext(Ask(saved, s), s)
        ELSE AcknowledgePromise(saved))
    /\ NoFault

CurrentEpochSaved(s) ==
    LET r == peer[s]
        saved == [r EXCEPT !.tasks = Tail(@), !.current = Max(@, Head(r.tasks)[2])]
    IN
    /\ NextTask(s, "current")
    /\ Do(s, IF Leads(r) THEN LeaderNext(saved, s) ELSE LearnerNext(saved, s))
    /\ NoFault

\* What is left after a cut was read again: the replica shows all of it.
Reread(r, log) ==
    LET zxid == Max(r.mark, IF log = <<>> THEN 0 ELSE Last(log).z)
    IN  [r EXCEPT !.log = log, !.durable = Len(log), !.applied = Len(log), !.base = Len(log),
                  !.baseZxid = zxid, !.shown = zxid, !.cut = -1]

Reloaded(s) ==
    LET r == peer[s] IN
    /\ r.phase # "DOWN" /\ r.cut >= 0
    /\ Do(s, LearnerNext(Reread(r, SubSeq(r.log, 1, UpTo(r.log, r.cut))), s))
    /\ NoFault

SnapshotSaved(s) ==
    LET r == peer[s]
        saved ==
            IF r.installing
            THEN [r EXCEPT !.installing = FALSE, !.instead = <<>>, !.insteadDurable = 0, !.insteadMark = 0,
                           !.snapshot = TRUE, !.taking = FALSE]
            ELSE [r EXCEPT !.taking = FALSE, !.snapshot = TRUE]
    IN
    /\ r.phase # "DOWN" /\ (r.installing \/ r.taking)
    /\ Do(s, IF Leads(r) THEN LeaderNext(saved, s) ELSE LearnerNext(saved, s))
    /\ NoFault

-----------------------------------------------------------------------------
(* Crashes                                                                 *)

\* The process ends; the others hear of it behind whatever of its words still arrives.
CrashLinks(s) ==
    /\ linked' = {pair \in linked : s \notin pair}
    /\ knock' = [t \in Server |-> IF t = s \/ knock[t].to = s THEN NoKnock ELSE knock[t]]
    /\ chan' = [a \in Server |-> [b \in Server |->
                    IF b = s THEN <<>>
                    ELSE IF a = s /\ ({a, b} \in linked \/ knock[b].to = s)
                    THEN Append(chan[a][b], Down)
                    ELSE chan[a][b]]]

Crash(s) ==
    /\ peer[s].phase # "DOWN" /\ faults.crashes < MaxCrashes
    /\ CrashLinks(s)
    /\ peer' = [peer EXCEPT ![s] = Become(@, "DOWN")]
    /\ UNCHANGED <<com, begun>>
    /\ Fault("crashes")

\* What a disk may hold after a crash: everything that it has confirmed, and any beginning of what
\* was on its way. `keep` entries of the log, `done` of the tasks.
Surviving(r, keep, done, old) ==
    LET log == SubSeq(IF old THEN r.instead ELSE r.log, 1, keep)
        mark == IF old THEN r.insteadMark ELSE r.mark
        ofKind(kind) == {r.tasks[i][2] : i \in {j \in 1..done : r.tasks[j][1] = kind}}
        newest(set, least) == CHOOSE x \in set \cup {least} : \A y \in set \cup {least} : y <= x
        accepted ==
            IF Mistake = "epochIsNotForced" THEN Before
            ELSE newest(ofKind("accepted"), r.diskAccepted)
        kept == [Born EXCEPT !.mark = mark, !.recent = r.recent, !.accepted = accepted, !.diskAccepted = accepted,
                             !.current = newest(ofKind("current"), r.current),
                             !.snapshot = r.snapshot]
        \* Where the log is ahead of the file of the current epoch, the log counts: it holds a transaction of
        \* that epoch, and so, as each log begins like its leader's, all that the epoch begins with.
        found == Reread(kept, log)
        reread == [found EXCEPT !.current = Max(@, EpochOf(found.shown))]
        read == IF Mistake = "appliedOutlivesLog" THEN [reread EXCEPT !.applied = r.applied] ELSE reread
    IN  [f \in DOMAIN Idle \cup DOMAIN Born |-> IF f \in DOMAIN Idle THEN Idle[f] ELSE read[f]]

\* Of what is cut away the newest goes first, file by file. This is Durability, which Disk refines.
MaySurvive(r, keep, done, old) ==
    /\ done \in 0..Len(r.tasks)
    /\ IF old THEN r.installing /\ keep \in r.insteadDurable..Len(r.instead)
       ELSE IF r.installing THEN keep = Len(r.log)
       ELSE IF r.cut >= 0 THEN keep \in Min(r.durable, UpTo(r.log, r.cut))..Len(r.log)
       ELSE keep \in r.durable..Len(r.log)

Keeps(r) == 0..Max(Len(r.log), Len(r.instead))

Start(s, keep, done, old) ==
    LET r == peer[s] IN
    /\ r.phase = "DOWN" /\ MaySurvive(r, keep, done, old)
    /\ peer' = [peer EXCEPT ![s] = Surviving(r, keep, done, old)]
    /\ UNCHANGED <<chan, linked, knock, com, begun, faults>>

-----------------------------------------------------------------------------

NewPeer == [f \in DOMAIN Idle \cup DOMAIN Born |-> IF f \in DOMAIN Idle THEN Idle[f] ELSE Born[f]]

NothingHasHappened ==
    /\ chan = [s \in Server |-> [t \in Server |-> <<>>]]
    /\ linked = {}
    /\ knock = [s \in Server |-> NoKnock]
    /\ com = <<>>
    /\ begun = {}
    /\ faults = [txns |-> 0, crashes |-> 0, breaks |-> 0, giveUps |-> 0]

Init == peer = [s \in Server |-> NewPeer] /\ NothingHasHappened

OfLinks(s, t) ==
    \/ Connect(s, t) \/ Admit(s, t) \/ Dismiss(s, t) \/ Break(s, t) \/ OnLinkUp(s, t) \/ OnLinkDown(s, t) \/ DropLearner(s, t)
OfDiscovery(s, t) == OnLearnerInfo(s, t) \/ OnLeaderInfo(s, t) \/ OnAckEpoch(s, t)
OfSynchronization(s, t) ==
    \/ Confirm(s, t) \/ SnapshotBegins(s, t) \/ LogRead(s, t) \/ OnSyncBegin(s, t) \/ OnSnapTail(s, t)
    \/ OnNewLeader(s, t) \/ OnUpToDate(s, t)
OfBroadcast(s, t) == OnPropose(s, t) \/ OnCommit(s, t) \/ OnInform(s, t) \/ OnAck(s, t)
OfDisk(s) ==
    \/ \E n \in 1..Len(peer[s].log) : Durable(s, n)
    \/ AcceptedEpochSaved(s) \/ CurrentEpochSaved(s) \/ Reloaded(s) \/ SnapshotSaved(s)
OfCrashes(s) ==
    \/ Crash(s)
    \/ \E keep \in Keeps(peer[s]), done \in 0..Len(peer[s].tasks), old \in BOOLEAN :
            Start(s, keep, done, old)

Next ==
    \/ \E s \in Server : Lead(s) \/ GiveUp(s) \/ Propose(s) \/ OfDisk(s) \/ OfCrashes(s)
    \/ \E s, t \in Server : s # t /\
        (Follow(s, t) \/ OfLinks(s, t) \/ OfDiscovery(s, t) \/ OfSynchronization(s, t)
            \/ OfBroadcast(s, t))

Spec == Init /\ [][Next]_vars
=============================================================================
