---------------------------- MODULE ZabProperties ----------------------------
(***************************************************************************)
(* What must hold of Zab, named as in the literature: after every step,    *)
(* and (in brackets) of every step.                                        *)
(***************************************************************************)
EXTENDS Zab

Established == {s \in Server : peer[s].phase = "LEADER_BROADCAST"}

\* What a disk could turn out to hold after a crash now, at the least.
DiskLogs(r) ==
    IF r.installing THEN {SubSeq(r.instead, 1, r.insteadDurable), r.log}
    ELSE IF r.cut >= 0 THEN {SubSeq(r.log, 1, Min(r.durable, UpTo(r.log, r.cut)))}
    ELSE {SubSeq(r.log, 1, r.durable)}

Phases == {"DOWN", "LOOKING", "LEADER_DISCOVERY", "LEADER_SYNCHRONIZATION", "LEADER_BROADCAST",
           "LEARNER_DISCOVERY", "LEARNER_SYNCHRONIZATION", "LEARNER_BROADCAST"}

TypeOK ==
    \A s \in Server : LET r == peer[s] IN
        /\ r.phase \in Phases
        /\ r.leader \in Server \cup {None}
        /\ {r.epoch, r.accepted, r.diskAccepted, r.current, r.newest} \subseteq Nat
        /\ 0 <= r.base /\ r.base <= r.applied /\ r.applied <= Len(r.log)
        /\ 0 <= r.durable /\ r.durable <= Len(r.log)
        /\ r.out = <<>>
        /\ Learns(r) => r.leader \notin {None, s}
        /\ \A t \in Server : r.table[t].stage \in
            {"NONE", "GREETED", "PROMISED", "WAITING", "SYNCING", "SYNCED"}

(* The logs *)

LogSane ==
    \A s \in Server : LET log == peer[s].log IN
        \A i \in 1..Len(log) :
            LET before == IF i = 1 THEN 0 ELSE log[i - 1].z IN
            /\ log[i].z > before
            /\ CounterOf(log[i].z) =
                IF EpochOf(log[i].z) = EpochOf(before) THEN CounterOf(before) + 1 ELSE 1

ZxidUnique ==
    \A s, t \in Server : \A i \in 1..Len(peer[s].log), j \in 1..Len(peer[t].log) :
        peer[s].log[i].z = peer[t].log[j].z => peer[s].log[i] = peer[t].log[j]

LogMatching ==
    \A s, t \in Server : \A i \in 1..Len(peer[s].log), j \in 1..Len(peer[t].log) :
        peer[s].log[i].z = peer[t].log[j].z =>
            i = j /\ SubSeq(peer[s].log, 1, i) = SubSeq(peer[t].log, 1, i)

(* Epochs *)

OneLeaderPerEpoch == \A a, b \in begun : a.epoch = b.epoch => a = b

EpochOrder ==
    \A s \in Server : LET r == peer[s] IN
        /\ r.current <= r.diskAccepted
        /\ r.diskAccepted <= r.accepted
        /\ \A i \in 1..Len(r.log) : EpochOf(r.log[i].z) <= r.diskAccepted

EpochsGrow ==
    [][\A s \in Server :
        peer'[s].diskAccepted >= peer[s].diskAccepted /\ peer'[s].current >= peer[s].current]_vars

\* An established leader has been promised its epoch by a quorum; those promises were kept on disk.
PromisesAreOnDisk ==
    \A l \in Server : Leads(peer[l]) =>
        \A s \in peer[l].promised : peer[s].diskAccepted >= peer[l].epoch

QuorumIsVoters ==
    \A l \in Established :
        2 * Cardinality(Voter \cap (Synced(peer[l]) \cup {l})) > Cardinality(Voter)

ObserverNeverLeads == \A s \in Server \ Voter : ~Leads(peer[s])

(* What was committed *)

ComMonotone == [][IsPrefix(com, com')]_vars

DeliveredIsCommitted ==
    \A s \in Server : Serves(peer[s]) => IsPrefix(SubSeq(peer[s].log, 1, peer[s].applied), com)

CommittedDurable ==
    LET holding == {s \in Voter : \A log \in DiskLogs(peer[s]) : IsPrefix(com, log)}
    IN  2 * Cardinality(holding) > Cardinality(Voter)

\* The leader of the newest epoch has all that was ever committed. An older one, which has not yet
\* noticed, need not.
LeaderComplete ==
    \A l \in Established :
        (\A b \in begun : b.epoch <= peer[l].epoch) => IsPrefix(com, peer[l].log)

FollowerInStep ==
    \A l \in Established, s \in Server :
        peer[s].phase = "LEARNER_BROADCAST" /\ peer[s].leader = l /\ peer[s].epoch = peer[l].epoch
            => IsPrefix(peer[s].log, peer[l].log)

Integrity ==
    \A i \in 1..Len(com) : \E b \in begun :
        b.epoch = EpochOf(com[i].z) /\ b.leader = com[i].by

LocalPrimaryOrder ==
    \A i \in 1..Len(com) : \A c \in 1..(CounterOf(com[i].z) - 1) :
        \E j \in 1..(i - 1) : com[j].z = Z(EpochOf(com[i].z), c)

GlobalPrimaryOrder ==
    \A i, j \in 1..Len(com) : i < j => EpochOf(com[i].z) <= EpochOf(com[j].z)

\* Before its own, a leader has all that was committed of the epochs before it, and what it began
\* with comes before what it proposed.
PrimaryIntegrity ==
    \A b \in begun : \A i \in 1..Len(com) :
        /\ EpochOf(com[i].z) = b.epoch => IsPrefix(b.history, com)
        /\ EpochOf(com[i].z) < b.epoch /\ (\E j \in 1..Len(com) : EpochOf(com[j].z) >= b.epoch)
            => i <= Len(b.history) /\ com[i] = b.history[i]

(* What was said *)

\* Whether what is said now will be heard as being of this link.
Current(s, t) == {s, t} \in linked /\ Downs(t, s) = {}

AckImpliesDurable ==
    \A s, t \in Server : Current(s, t) => \A i \in 1..Len(chan[s][t]) :
        LET m == chan[s][t][i] IN
        m.type = "ACK" =>
            IF CounterOf(m.z) = 0 THEN peer[s].current >= EpochOf(m.z)
            ELSE \E j \in 1..peer[s].durable : peer[s].log[j].z = m.z

\* What a learner has acknowledged of the beginning of an epoch is all of it.
SyncedIsComplete ==
    \A l \in Server : Leads(peer[l]) => \A s \in Synced(peer[l]) :
        Current(s, l) /\ peer[s].leader = l =>
            \A i \in 1..Len(peer[l].log) :
                EpochOf(peer[l].log[i].z) < peer[l].epoch =>
                    i <= peer[s].durable /\ peer[s].log[i] = peer[l].log[i]

\* Nobody who keeps to the protocol is ever told what makes no sense to him. (A learner who has
\* just come back may hear what was meant for his link before; he then looks again.)
NoIllegalMessage ==
    \A s, t \in Server :
        chan[t][s] # <<>> /\ Current(t, s) /\ Hears(peer[s], t) /\ ~IsStrange(peer[s], t) =>
        LET r == peer[s]
            m == Head(chan[t][s])
        IN  CASE r.phase = "LEARNER_DISCOVERY" /\ r.acknowledged ->
                    /\ m.type \in {"LEADERINFO", "DIFF", "TRUNC", "SNAP"}
                    /\ m.type = "TRUNC" => m.z <= LastLogged(r)
              [] r.phase = "LEARNER_SYNCHRONIZATION" ->
                    CASE m.type \in {"PROPOSAL", "INFORM"} -> ~r.receiving /\ Follows(r, m.entry)
                      [] m.type = "COMMIT" -> ~r.receiving /\ CommitIsExpected(r, m.z)
                      [] m.type = "NEWLEADER" -> m.epoch = r.epoch /\ ~r.complete /\ ~r.receiving
                      [] m.type = "UPTODATE" -> r.acknowledged
                      [] OTHER -> m.type = "SNAPTAIL" /\ r.receiving
              [] r.phase = "LEARNER_BROADCAST" ->
                    CASE m.type \in {"PROPOSAL", "INFORM"} -> Follows(r, m.entry)
                      [] m.type = "COMMIT" ->
                            r.applied < Len(r.log) /\ r.log[r.applied + 1].z = m.z
                      [] OTHER -> FALSE
              [] Leads(r) /\ m.type = "ACK" /\ r.table[t].stage \in {"SYNCING", "SYNCED"} ->
                    \/ r.phase = "LEADER_BROADCAST" /\ m.z <= Max(LastLogged(r), Z(r.epoch, 0))
                    \/ r.phase = "LEADER_SYNCHRONIZATION" /\ m.z = Z(r.epoch, 0)
              [] OTHER -> TRUE
=============================================================================
