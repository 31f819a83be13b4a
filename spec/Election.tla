------------------------------ MODULE Election ------------------------------
(***************************************************************************)
(* Fast leader election, as vivarium.core.election and Looking have it.    *)
(* Every server proposes the best vote that it has heard of in the newest  *)
(* round; who sees a quorum behind its own proposal settles.               *)
(*                                                                         *)
(* A link for notifications keeps only the newest. Notifications may be    *)
(* lost, servers stop and come back without a memory of rounds. That a     *)
(* quorum waits a moment for a better vote is time, of which there is none *)
(* here: unless Patient, it may settle at once, and safety must not mind.  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
    Voter,     \* ids, which break ties: positive numbers
    Observer,  \* likewise
    Histories, \* what servers may go by, each from servers to pairs of an epoch and a zxid
    MaxRound,  \* no later round is begun
    MaxStops,  \* how many servers stop
    MaxLosses, \* how many notifications are lost
    Patient,   \* whether nobody settles or gives up before all that was said is heard
    Mistake    \* a mistake planted on purpose, "none" for none

Server == Voter \cup Observer

VARIABLES
    history, \* what each server goes by while it looks for a leader
    srv,     \* what each server knows
    box,     \* box[s][t]: the newest notification on its way from s to t
    faults

vars == <<history, srv, box, faults>>

Nobody == [leader |-> 0, epoch |-> 0, zxid |-> 0]
Silence == [state |-> "NONE", vote |-> Nobody, round |-> 0]
Own(s) ==
    IF s \in Voter \/ Mistake = "observersStand"
    THEN [leader |-> s, epoch |-> history[s][1], zxid |-> history[s][2]]
    ELSE Nobody

Better(a, b) ==
    IF Mistake = "idsOnly" THEN a.leader > b.leader
    ELSE IF Mistake = "zxidFirst"
    THEN \/ a.zxid > b.zxid
         \/ a.zxid = b.zxid /\ a.epoch > b.epoch
         \/ a.zxid = b.zxid /\ a.epoch = b.epoch /\ a.leader > b.leader
    ELSE \/ a.epoch > b.epoch
         \/ a.epoch = b.epoch /\ a.zxid > b.zxid
         \/ a.epoch = b.epoch /\ a.zxid = b.zxid /\ a.leader > b.leader

IsQuorum(set) ==
    IF Mistake = "quorumIsHalf" THEN 2 * Cardinality(set) >= Cardinality(Voter)
    ELSE 2 * Cardinality(set) > Cardinality(Voter)
Counts(s) == s \in Voter \/ Mistake = "observersStand"

Asleep == [state |-> "DOWN", round |-> 0, vote |-> Nobody,
           heard |-> [v \in Server |-> Silence],    \* the votes of this round, the newest of each
           settled |-> [v \in Server |-> Silence]]  \* what those say who have settled

Note(r) == [state |-> r.state, vote |-> r.vote, round |-> r.round]
CountOwn(r, s) == IF Counts(s) THEN [r EXCEPT !.heard[s] = Note(r)] ELSE r

TellAll(b, s, r) ==
    [b EXCEPT ![s] = [t \in Server |-> IF t \in Voter \ {s} THEN Note(r) ELSE b[s][t]]]
Tell(b, s, t, r) == [b EXCEPT ![s][t] = Note(r)]

-----------------------------------------------------------------------------
(* A search begins: Looking.enter                                          *)

Searching(s) ==
    CountOwn(
        [Asleep EXCEPT !.state = "LOOKING", !.round = srv[s].round + 1, !.vote = Own(s)], s)

Begin(s) ==
    /\ srv' = [srv EXCEPT ![s] = Searching(s)]
    /\ box' = TellAll(box, s, Searching(s))
    /\ UNCHANGED history

Start(s) == srv[s].state = "DOWN" /\ Begin(s) /\ UNCHANGED faults

-----------------------------------------------------------------------------
(* Notifications: Election.onLooking, Election.onSettled, Self.onNotified  *)

\* What s is after the vote of t, who looks too.
Hear(s, t, n) ==
    LET r == srv[s]
        isNew == IF Mistake = "anyRound" THEN n.round # r.round ELSE n.round > r.round
        begun == IF isNew
                 THEN [r EXCEPT !.round = n.round, !.vote = Own(s),
                                !.heard = IF Mistake = "tallyKept" THEN @
                                          ELSE [v \in Server |-> Silence]]
                 ELSE r
        won == Counts(s) /\ (Better(n.vote, begun.vote) \/ (isNew /\ Mistake = "newRoundConvinces"))
        convinced == IF ~won THEN begun
                     ELSE IF Mistake = "leaderOnly" THEN [begun EXCEPT !.vote.leader = n.vote.leader]
                     ELSE [begun EXCEPT !.vote = n.vote]
        counted == CountOwn([convinced EXCEPT !.heard[t] = n], s)
    IN  [r |-> counted, changed |-> isNew \/ won]

OnLooking(s, t, n) ==
    LET heard == Hear(s, t, n)
        taken == [box EXCEPT ![t][s] = Silence]
    IN  IF ~Counts(t) \/ ~Counts(n.vote.leader) \/ n.vote.leader = 0
        THEN box' = taken /\ UNCHANGED srv
        ELSE IF n.round < srv[s].round /\ Mistake \notin {"oldRoundsCount", "anyRound"}
        THEN box' = Tell(taken, s, t, srv[s]) /\ UNCHANGED srv
        ELSE /\ srv' = [srv EXCEPT ![s] = heard.r]
             /\ box' = IF heard.changed THEN TellAll(taken, s, heard.r)
                       ELSE IF Better(heard.r.vote, n.vote) THEN Tell(taken, s, t, heard.r)
                       ELSE taken

OnNotification(s, t) ==
    LET n == box[t][s]
        taken == [box EXCEPT ![t][s] = Silence]
    IN
    /\ n # Silence
    /\ CASE srv[s].state = "DOWN" -> box' = taken /\ UNCHANGED srv
         [] srv[s].state = "LOOKING" /\ n.state = "LOOKING" -> OnLooking(s, t, n)
         [] srv[s].state = "LOOKING" /\ n.state # "LOOKING" ->
                /\ srv' = [srv EXCEPT ![s].settled[t] = IF Counts(t) THEN n ELSE @]
                /\ box' = taken
         [] OTHER ->
                /\ box' = IF n.state = "LOOKING" /\ Mistake # "settledIsSilent"
                          THEN Tell(taken, s, t, srv[s]) ELSE taken
                /\ UNCHANGED srv
    /\ UNCHANGED <<history, faults>>

-----------------------------------------------------------------------------
(* Who settles: Looking.check                                              *)

Behind(r) == {v \in Server : r.heard[v] # Silence /\ r.heard[v].vote = r.vote}
IsLikely(s) == s \in Voter /\ IsQuorum(Behind(srv[s])) /\ srv[s].vote.leader # 0

\* It leads by its own word, and a quorum says that it follows, in the same epoch.
Established(s) ==
    {l \in Voter : LET n == srv[s].settled[l] IN
        /\ n.state = "LEADING" /\ n.vote.leader = l
        /\ IsQuorum({v \in Voter : LET m == srv[s].settled[v] IN
            m # Silence /\ m.vote.leader = l /\ m.vote.epoch = n.vote.epoch})}

Quiet == \A s, t \in Server : box[s][t] = Silence

Settled(s, vote, round) ==
    [srv[s] EXCEPT !.state = IF vote.leader = s \/ Mistake = "allLead" THEN "LEADING"
                             ELSE IF s \in Voter THEN "FOLLOWING" ELSE "OBSERVING",
                   !.vote = vote, !.round = round,
                   !.heard = [v \in Server |-> Silence],
                   !.settled = [v \in Server |-> Silence]]

Settle(s) ==
    /\ srv[s].state = "LOOKING"
    /\ \/ \E l \in Established(s) :
            srv' = [srv EXCEPT ![s] =
                Settled(s, srv[s].settled[l].vote, srv[s].settled[l].round)]
       \/ /\ Established(s) = {} /\ IsLikely(s) /\ (Patient => Quiet)
          /\ srv' = [srv EXCEPT ![s] = Settled(s, srv[s].vote, srv[s].round)]
    /\ UNCHANGED <<history, box, faults>>

MaySettle(s) == srv[s].state = "LOOKING" /\ (Established(s) # {} \/ IsLikely(s))

\* Who got nothing else tells its vote again.
Resend(s) ==
    /\ srv[s].state = "LOOKING" /\ Quiet
    /\ box' = TellAll(box, s, srv[s])
    /\ UNCHANGED <<history, srv, faults>>

\* The leader has no quorum, or the one that is followed does not lead.
IsInVain(s) ==
    LET l == srv[s].vote.leader IN
    IF srv[s].state = "LEADING"
    THEN ~IsQuorum({v \in Voter : srv[v].state \in {"LEADING", "FOLLOWING"} /\ srv[v].vote.leader = s})
    ELSE srv[s].state \in {"FOLLOWING", "OBSERVING"} /\ srv[l].state # "LEADING"

GiveUp(s) ==
    /\ IsInVain(s)
    /\ Patient => Quiet /\ \A t \in Server : ~MaySettle(t)
    /\ Begin(s)
    /\ UNCHANGED faults

-----------------------------------------------------------------------------
(* Faults                                                                  *)

Stop(s) ==
    /\ srv[s].state # "DOWN" /\ faults.stops < MaxStops
    /\ srv' = [srv EXCEPT ![s] = Asleep]
    /\ box' = [box EXCEPT ![s] = [t \in Server |-> Silence]]
    /\ faults' = [faults EXCEPT !.stops = @ + 1]
    /\ UNCHANGED history

Lose(s, t) ==
    /\ box[s][t] # Silence /\ faults.losses < MaxLosses
    /\ box' = [box EXCEPT ![s][t] = Silence]
    /\ faults' = [faults EXCEPT !.losses = @ + 1]
    /\ UNCHANGED <<history, srv>>

Init ==
    /\ history \in Histories
    /\ srv = [s \in Server |-> Asleep]
    /\ box = [s \in Server |-> [t \in Server |-> Silence]]
    /\ faults = [stops |-> 0, losses |-> 0]

Next ==
    \E s \in Server :
        \/ Start(s) \/ Settle(s) \/ Resend(s) \/ GiveUp(s) \/ Stop(s)
        \/ \E t \in Server \ {s} : OnNotification(s, t) \/ Lose(s, t)

Fairness ==
    /\ \A s \in Server : WF_vars(Start(s)) /\ SF_vars(Settle(s)) /\ SF_vars(Resend(s)) /\ SF_vars(GiveUp(s))
    /\ \A s, t \in Server : WF_vars(OnNotification(s, t))

Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ Fairness

-----------------------------------------------------------------------------
(* What must hold                                                          *)

States == {"DOWN", "LOOKING", "FOLLOWING", "LEADING", "OBSERVING"}
ElectionTypeOK ==
    \A s \in Server :
        /\ srv[s].state \in States
        /\ srv[s].vote.leader \in Server \cup {0}
        /\ srv[s].round \in Nat
        /\ srv[s].state = "LEADING" => srv[s].vote.leader = s

VotersOnlyLead ==
    \A s \in Server : srv[s].state \in {"LEADING", "FOLLOWING", "OBSERVING"} => srv[s].vote.leader \in Voter

\* Whoever is wanted, it is wanted for what it has.
VoteTruthful ==
    \A s \in Server : LET v == srv[s].vote IN
        v.leader \in Voter => <<v.epoch, v.zxid>> = history[v.leader]

\* Nobody wants less than it has itself.
VoteNoWorseThanOwn ==
    \A s \in Voter : srv[s].state = "LOOKING" => ~Better(Own(s), srv[s].vote)

\* The votes that are counted are all of one round.
TallyIsOfTheRound ==
    \A s \in Server : srv[s].state = "LOOKING" =>
        \A v \in Server : srv[s].heard[v] # Silence => srv[s].heard[v].round = srv[s].round

RoundsGrow ==
    [][\A s \in Server :
        (srv[s].state = "LOOKING" /\ srv'[s].state = "LOOKING") => srv'[s].round >= srv[s].round]_vars

Chosen == [s \in Server |-> IF srv[s].state \in {"DOWN", "LOOKING"} THEN 0 ELSE srv[s].vote.leader]
Electing == INSTANCE Elect WITH leader <- Chosen
IsElection == Electing!Spec

\* In the end there is a leader, and all that are up know it.
EventuallyLed ==
    <>[](\E l \in Voter : srv[l].state = "LEADING"
            /\ \A s \in Server : srv[s].state # "DOWN" => srv[s].vote.leader = l
                                    /\ srv[s].state # "LOOKING")
=============================================================================
