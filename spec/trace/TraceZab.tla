------------------------------ MODULE TraceZab ------------------------------
(***************************************************************************)
(* Whether what simulated servers did is a behaviour of Zab: each line of  *)
(* a trace names an action with its parameters, and how the server was     *)
(* after it. A line that Zab does not allow is a deadlock, whose last      *)
(* state shows the trace and the line.                                     *)
(***************************************************************************)
EXTENDS ZabProperties, TraceIO, TLC

VARIABLES
    trace, \* which of the traces
    at     \* which line of it is next

Lines == ReadTraces[trace]
Line == Lines[at]

\* The first line says how many applied proposals each server keeps.
TraceInit ==
    /\ trace \in 1..Len(ReadTraces)
    /\ at = 2
    /\ peer = [s \in Server |->
                [f \in DOMAIN Idle \cup DOMAIN Born |->
                    IF f = "phase" THEN "DOWN"
                    ELSE IF f = "recent" THEN ReadTraces[trace][1].n
                    ELSE IF f \in DOMAIN Idle THEN Idle[f] ELSE Born[f]]]
    /\ chan = [s \in Server |-> [t \in Server |-> <<>>]]
    /\ linked = {}
    /\ knock = [s \in Server |-> NoKnock]
    /\ com = <<>>
    /\ begun = {}
    /\ faults = [txns |-> 0, crashes |-> 0, breaks |-> 0, giveUps |-> 0]

\* How the server is after the step, where the line says so.
IsAsSeen(r) ==
    Line.phase # "-" =>
        /\ r.phase = Line.phase
        /\ Learns(r) => r.leader = Line.leader
        /\ r.accepted = Line.accepted
        /\ r.diskAccepted = Line.saved
        /\ r.current = Line.current
        /\ LastLogged(r) = Line.logged
        /\ DurableZxid(r) = Line.durable
        /\ r.shown = Line.shown
        /\ r.snapshot = Line.snapshot

\* The number that a message carries, as the trace has it.
NumberOf(m) ==
    CASE m.type = "LEARNERINFO" -> m.accepted
      [] m.type \in {"LEADERINFO", "NEWLEADER"} -> m.epoch
      [] m.type = "ACKEPOCH" -> m.last
      [] m.type \in {"PROPOSAL", "INFORM"} -> m.entry.z
      [] m.type \in {"DIFF", "TRUNC", "COMMIT", "ACK"} -> m.z
      [] OTHER -> Line.n

Hearing(type) ==
    /\ chan[Line.t][Line.s] # <<>>
    /\ Head(chan[Line.t][Line.s]).type = type
    /\ NumberOf(Head(chan[Line.t][Line.s])) = Line.n

\* Who took the connection may have crashed by the time that the learner hears of it.
Connected(s, l) ==
    IF peer[l].phase # "DOWN" THEN Connect(s, l)
    ELSE /\ peer[s].phase = "LEARNER_DISCOVERY" /\ peer[s].leader = l
         /\ chan' = [chan EXCEPT ![l][s] = Append(@, [type |-> "UP"])]
         /\ UNCHANGED <<peer, linked, knock, com, begun, faults>>

\* Links that could not be had, and words that are none of Zab's.
Refused(s, t) == Downs(s, t) = {} /\ Do(s, LinkDownHeard(peer[s], s, t)) /\ NoFault
Refuse(s, t) == Do(s, LeaderNext(Drop(peer[s], t), s)) /\ NoFault
\* A connection may break while it is being made, too.
Broken(s, t) ==
    IF {s, t} \in linked \/ knock[s].to = t
    THEN Break(s, t)
    ELSE /\ chan' = [chan EXCEPT ![t][s] = Append(@, Down)]
         /\ UNCHANGED <<peer, linked, knock, com, begun, faults>>

\* What a learner said may arrive when it has crashed, or given the connection up, since.
Admitted(s, l, accepted) ==
    IF knock[s].to = l
    THEN Admit(s, l)
    ELSE /\ Leads(peer[l])
         /\ chan' = [chan EXCEPT ![s][l] =
                @ \o <<[type |-> "UP"], [type |-> "LEARNERINFO", accepted |-> accepted], Down>>]
         /\ UNCHANGED <<peer, linked, knock, com, begun, faults>>

\* A message that waited for the disk with others behind it: only after the last of them, whose
\* line says how the server was then, does it look at what there is to do.
IsOneOfMany(s) == Line.phase = "-" /\ Learns(peer[s])
OnHeld(s, t) ==
    LET heard == Heard([peer[s] EXCEPT !.batch = TRUE], s, t, Head(chan[t][s]))
    IN  /\ Step(s, [heard EXCEPT !.batch = FALSE], [chan EXCEPT ![t][s] = Tail(@)])
        /\ NoFault
OnMessage(s, t, type) ==
    /\ Hearing(type)
    /\ IF IsOneOfMany(s) THEN OnHeld(s, t) ELSE On(s, t, {type})

\* With the confirmation of the learner, if it has waited for that.
Begins(l, s) ==
    IF peer[l].table[s].stage = "PROMISED"
    THEN Do(l, LeaderNext(BeginSnapshot(Synchronize(peer[l], s), s), l)) /\ NoFault
    ELSE SnapshotBegins(l, s)

Act ==
    LET s == Line.s
        t == Line.t
    IN  CASE Line.act = "Lead" -> Lead(s)
          [] Line.act = "Follow" -> Follow(s, t)
          [] Line.act = "GiveUp" -> GiveUp(s)
          [] Line.act = "Connect" -> Connected(s, t)
          [] Line.act = "Admit" -> Admitted(s, t, Line.n)
          [] Line.act = "Dismiss" -> Dismiss(s, t)
          [] Line.act = "Break" -> Broken(s, t)
          [] Line.act = "Refuse" -> Refuse(s, t)
          [] Line.act = "OnLinkUp" -> OnLinkUp(s, t)
          [] Line.act = "OnLinkDown" -> IF Downs(s, t) = {} THEN Refused(s, t) ELSE OnLinkDown(s, t)
          [] Line.act = "OnLearnerInfo" -> Hearing("LEARNERINFO") /\ OnLearnerInfo(s, t)
          [] Line.act = "OnLeaderInfo" -> Hearing("LEADERINFO") /\ OnLeaderInfo(s, t)
          [] Line.act = "OnAckEpoch" -> Hearing("ACKEPOCH") /\ OnAckEpoch(s, t)
          [] Line.act = "OnDiff" -> Hearing("DIFF") /\ OnSyncBegin(s, t)
          [] Line.act = "OnTrunc" -> Hearing("TRUNC") /\ OnSyncBegin(s, t)
          [] Line.act = "OnSnap" -> Hearing("SNAP") /\ OnSyncBegin(s, t)
          [] Line.act = "OnSnapTail" -> OnMessage(s, t, "SNAPTAIL")
          [] Line.act = "OnPropose" -> OnMessage(s, t, "PROPOSAL")
          [] Line.act = "OnCommit" -> OnMessage(s, t, "COMMIT")
          [] Line.act = "OnInform" -> OnMessage(s, t, "INFORM")
          [] Line.act = "OnNewLeader" -> OnMessage(s, t, "NEWLEADER")
          [] Line.act = "OnUpToDate" -> OnMessage(s, t, "UPTODATE")
          [] Line.act = "OnAck" -> Hearing("ACK") /\ OnAck(s, t)
          [] Line.act = "SnapshotBegins" -> Begins(s, t)
          [] Line.act = "LogRead" -> LogRead(s, t)
          [] Line.act = "Confirm" -> Confirm(s, t)
          [] Line.act = "Propose" -> Propose(s)
          [] Line.act = "Durable" ->
                \E n \in 1..Len(peer[s].log) : peer[s].log[n].z = Line.n /\ Durable(s, n)
          [] Line.act = "AcceptedEpochSaved" -> AcceptedEpochSaved(s)
          [] Line.act = "CurrentEpochSaved" -> CurrentEpochSaved(s)
          [] Line.act = "Reloaded" -> Reloaded(s)
          [] Line.act = "SnapshotSaved" ->
                IF peer[s].installing \/ peer[s].taking THEN SnapshotSaved(s) ELSE UNCHANGED vars
          [] Line.act = "Nothing" -> UNCHANGED vars
          [] Line.act = "Crash" -> Crash(s)
          [] Line.act = "Start" ->
                \E keep \in Keeps(peer[s]), done \in 0..Len(peer[s].tasks),
                   old, snapshot \in BOOLEAN :
                    /\ peer[s].phase = "DOWN" /\ MaySurvive(peer[s], keep, done, old)
                    /\ ~snapshot => ~peer[s].snapshot
                    /\ LET r == [Surviving(peer[s], keep, done, old) EXCEPT !.snapshot = snapshot]
                       IN  IsAsSeen(r) /\ peer' = [peer EXCEPT ![s] = r]
                    /\ UNCHANGED <<chan, linked, knock, com, begun, faults>>

TraceNext ==
    \/ /\ at <= Len(Lines)
       /\ Act
       /\ Line.act # "Crash" => IsAsSeen(peer'[Line.s])
       /\ at' = at + 1
       /\ UNCHANGED trace
    \/ at > Len(Lines) /\ UNCHANGED <<vars, trace, at>>

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, trace, at>>

\* One state a line: a trace is a path.
Where == <<trace, at>>
=============================================================================
