------------------------------- MODULE MCZab --------------------------------
(***************************************************************************)
(* Zab for the model checker, in larger steps: each is a sequence of those *)
(* of Zab that no other step could come between to any effect. Who follows *)
(* has a link at once; who crashes starts again at once; a learner takes   *)
(* all that waits for it, as far as its disk lets it; only he leads whose  *)
(* history is the newest of a quorum that looks for a leader, and only who *)
(* leads, and knows that an older link is over, is followed. FineSpec takes *)
(* the steps one by one.                                                   *)
(***************************************************************************)
EXTENDS ZabProperties, TLC

Symmetry == Permutations(Voter) \cup Permutations(Server \ Voter)

Bounded == \A s \in Server : peer[s].accepted <= MaxEpoch

\* Fast leader election's order, but for the ids: they only break ties.
IsNoNewer(r, than) ==
    \/ r.current < than.current
    \/ r.current = than.current /\ LastLogged(r) <= LastLogged(than)

MCLead(s) ==
    /\ IsQuorum({q \in Voter : peer[q].phase = "LOOKING" /\ IsNoNewer(peer[q], peer[s])})
    /\ Lead(s)

\* Follow, Connect, Admit and OnLinkUp at both ends.
MCFollow(s, l) ==
    LET r == Following(peer[s], l)
        info == [type |-> "LEARNERINFO", accepted |-> r.accepted]
    IN
    /\ peer[s].phase = "LOOKING" /\ IsSettled(peer[s]) /\ l \in Voter /\ Leads(peer[l])
    /\ {s, l} \notin linked /\ chan[s][l] = <<>>
    /\ linked' = linked \cup {{s, l}}
    /\ chan' = [chan EXCEPT ![s][l] = Append(@, info), ![l][s] = <<>>]
    /\ peer' = [peer EXCEPT ![s] = r]
    /\ UNCHANGED <<knock, com, begun, faults>>

\* The other side of what s waits for is not there, or asks for what s can't give.
IsLost(s) ==
    LET r == peer[s] IN
    /\ Learns(r)
    /\ \/ ~Leads(peer[r.leader])
       \/ {s, r.leader} \notin linked

TimeOut(s) == IsLost(s) /\ Do(s, Look(peer[s])) /\ NoFault

RECURSIVE TakeAll(_, _, _, _)
TakeAll(r, s, t, queue) ==
    IF queue = <<>> \/ ~Learns(r) \/ ~Hears(r, t) \/ Head(queue).type = "DOWN"
    THEN [r |-> r, queue |-> queue]
    ELSE TakeAll(Heard(r, s, t, Head(queue)), s, t, Tail(queue))

MCLearn(s, t) ==
    /\ Learns(peer[s]) /\ peer[s].leader = t /\ chan[t][s] # <<>>
    /\ LET taken == TakeAll(peer[s], s, t, chan[t][s])
       IN  taken.queue # chan[t][s] /\ Step(s, taken.r, [chan EXCEPT ![t][s] = taken.queue])
    /\ NoFault

\* Crash and Start.
MCCrash(s) ==
    /\ faults.crashes < MaxCrashes
    /\ CrashLinks(s)
    /\ \E keep \in Keeps(peer[s]), done \in 0..Len(peer[s].tasks), old \in BOOLEAN :
        /\ MaySurvive(peer[s], keep, done, old)
        /\ peer' = [peer EXCEPT ![s] = Surviving(peer[s], keep, done, old)]
    /\ UNCHANGED <<com, begun>> /\ Fault("crashes")

OfLeader(l, s) ==
    \/ OnLearnerInfo(l, s) \/ OnAckEpoch(l, s) \/ OnAck(l, s) \/ Confirm(l, s)
    \/ SnapshotBegins(l, s) \/ LogRead(l, s)

MCNext ==
    \/ \E s \in Server :
        \/ MCLead(s) \/ GiveUp(s) \/ TimeOut(s) \/ Propose(s) \/ MCCrash(s)
        \/ (peer[s].durable < Len(peer[s].log) /\ Durable(s, Len(peer[s].log)))
        \/ AcceptedEpochSaved(s) \/ CurrentEpochSaved(s) \/ Reloaded(s) \/ SnapshotSaved(s)
    \/ \E s, t \in Server : s # t /\
        (MCFollow(s, t) \/ Break(s, t) \/ OnLinkDown(s, t) \/ DropLearner(s, t)
            \/ MCLearn(s, t) \/ OfLeader(s, t))

MCSpec == Init /\ [][MCNext]_vars

\* One by one, and whoever likes.
FineNext ==
    \/ \E s \in Server :
        Lead(s) \/ GiveUp(s) \/ TimeOut(s) \/ Propose(s) \/ OfDisk(s) \/ OfCrashes(s)
    \/ \E s, t \in Server : s # t /\
        \/ Leads(peer[t]) /\ Follow(s, t)
        \/ chan[t][s] = <<>> /\ {s, t} \notin linked /\ knock[s].to = None /\ Connect(s, t)
        \/ Admit(s, t) \/ (~Leads(peer[t]) /\ Dismiss(s, t))
        \/ Break(s, t) \/ OnLinkUp(s, t) \/ OnLinkDown(s, t) \/ DropLearner(s, t)
        \/ OfDiscovery(s, t) \/ OfSynchronization(s, t) \/ OfBroadcast(s, t)

(* What clients see of it is an atomic broadcast. *)
Delivered == [s \in Server |-> IF Serves(peer[s]) THEN peer[s].applied ELSE -1]
Broadcast == INSTANCE AtomicBroadcast WITH agreed <- com, delivered <- Delivered
IsAtomicBroadcast == Broadcast!Spec

FineSpec == Init /\ [][FineNext]_vars
=============================================================================
