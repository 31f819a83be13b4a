----------------------------- MODULE MCZabLive ------------------------------
(***************************************************************************)
(* That Zab gets somewhere: when nothing more goes wrong, in the end one   *)
(* leads, all others follow, and all of them show all that was proposed.   *)
(*                                                                         *)
(* All that is asked is that something happens as long as something can,   *)
(* not that each step gets its turn: it holds in whatever order the steps  *)
(* come. Then there are two ways to get nowhere: to stand still (NeverStuck *)
(* is what TLC calls a deadlock), and to go round in circles.              *)
(***************************************************************************)
EXTENDS MCZab

Shows(s, l) ==
    /\ peer[s].log = peer[l].log /\ peer[s].applied = Len(peer[s].log)
    /\ peer[s].epoch = peer[l].epoch

AllServe ==
    \E l \in Established : Shows(l, l) /\
        \A s \in Server \ {l} :
            peer[s].phase = "LEARNER_BROADCAST" /\ peer[s].leader = l /\ Shows(s, l)

\* Nothing is on its way, to nobody and to no disk.
IsQuiet ==
    /\ \A s, t \in Server : chan[s][t] = <<>> /\ peer[s].table[t].stage # "WAITING"
    /\ \A s \in Server :
        LET r == peer[s] IN r.tasks = <<>> /\ IsDurable(r) /\ IsSettled(r) /\ ~r.taking

\* A deadline, which is no fault: who would lead waits for a quorum, and nobody is left who could come (a voter that has
\* crashed behind its promise is there, but does not count).
Abandon(s) ==
    LET r == peer[s] IN
    /\ IsQuiet /\ \A q \in Voter : peer[q].phase # "LOOKING"
    /\ r.phase \in {"LEADER_DISCOVERY", "LEADER_SYNCHRONIZATION"}
    /\ Do(s, Look(r)) /\ NoFault

LiveNext ==
    \/ MCNext
    \/ \E s \in Server : Abandon(s)
    \/ AllServe /\ UNCHANGED vars

LiveSpec == Init /\ [][LiveNext]_vars

EventuallyAllServe == []<><<TRUE>>_vars => <>[]AllServe
=============================================================================
