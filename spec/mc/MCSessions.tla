----------------------------- MODULE MCSessions ------------------------------
(* Sessions for the model checker.                                            *)
EXTENDS Sessions, TLC

Symmetry == Permutations(Server) \cup Permutations(Session)
=============================================================================
