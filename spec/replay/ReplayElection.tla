--------------------------- MODULE ReplayElection ----------------------------
(***************************************************************************)
(* Election in the steps that a driver of real peers can take with them,   *)
(* and what of a state such a driver can see: see ReplayZab.               *)
(***************************************************************************)
EXTENDS MCElection

\* Who has a quorum behind its vote decides before it would tell that vote again.
Tells(s) == ~IsLikely(s) /\ Resend(s)

\* Nobody is left who could know of a better vote, or there is a leader already: the core does not
\* wait. With all others it waits a moment, in which anything may happen.
IsClear(s) ==
    /\ srv[s].state = "LOOKING"
    /\ \/ Established(s) # {}
       \/ IsLikely(s) /\ \A v \in Voter : v \in Behind(srv[s])

SettleAtOnce(s) == IsClear(s) /\ Settle(s)
SettleLate(s) == ~IsClear(s) /\ Settle(s)

ReplayNext ==
    \/ \E s \in Server : SettleAtOnce(s) \/ SettleLate(s)
    \/ \E s \in Server : Start(s) \/ Tells(s) \/ GiveUp(s) \/ Stop(s)
    \/ \E s, t \in Server : OnNotification(s, t) \/ Lose(s, t)

ReplaySpec == Init /\ [][ReplayNext]_vars

AtOnce ==
    LET clear == {s \in Server : IsClear(s)}
    IN  clear # {} => \E s \in clear : srv'[s].state \notin {"LOOKING", "DOWN"}

\* One who has the newest history, or two of three.
OneNewest == {[s \in Server |-> IF s = 1 THEN Late ELSE Long]}
TwoNewest == {[s \in Server |-> IF s = 3 THEN Long ELSE Late]}

Peers == srv
Around == [box |-> box, history |-> history]
Roles == <<Server, Voter, 0>>
=============================================================================
