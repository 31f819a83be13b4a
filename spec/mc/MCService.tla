------------------------------ MODULE MCService ------------------------------
(* The service for the model checker. The client may watch the root, whose    *)
(* children come and go, and the first session's first ephemeral znode.       *)
EXTENDS Service, TLC

Symmetry == Permutations(Server)
WatchedPaths == {T!Root, NameOf(1, 1)}
=============================================================================
