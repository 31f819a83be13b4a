----------------------------- MODULE MCElection ------------------------------
(* Election for the model checker: rounds have an end.                        *)
EXTENDS Election, TLC

Long == <<1, 2>>
Late == <<2, 1>>

\* One server has the newest history, two have, and an older one has the greatest id.
TwoHistories ==
    {[s \in Server |-> IF s = 1 THEN Late ELSE Long], [s \in Server |-> IF s = 3 THEN Long ELSE Late]}
OneHistory == {[s \in Server |-> Long]}
AnyHistory == [Server -> {Long, Late}]
Bounded == \A s \in Server : srv[s].round <= MaxRound
=============================================================================
