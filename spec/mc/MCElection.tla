----------------------------- MODULE MCElection ------------------------------
(* Election for the model checker: rounds have an end.                        *)
EXTENDS Election, TLC

TwoHistories == {<<1, 2>>, <<2, 1>>}
OneHistory == {<<1, 1>>}
Bounded == \A s \in Server : srv[s].round <= MaxRound
=============================================================================
