------------------------------ MODULE MCWatches ------------------------------
(* Watches for the model checker.                                             *)
EXTENDS Watches, TLC

Symmetry == Permutations(Server) \cup Permutations(Path)
=============================================================================
