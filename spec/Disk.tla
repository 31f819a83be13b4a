--------------------------------- MODULE Disk --------------------------------
(***************************************************************************)
(* The files of one server, as vivarium.storage writes and reads them: log *)
(* files, snapshots, and what a crash between any two writes leaves of     *)
(* them. One thread appends, forces, cuts and replaces; another writes     *)
(* snapshots and purges. What it amounts to is Durability.                 *)
(*                                                                         *)
(* A file's bytes are durable once they are forced, and its name once the  *)
(* directory is; a crash takes from the end of what is not, and the record *)
(* that it tears counts as gone. The two epoch files are replaced whole,   *)
(* one after the other, which Zab says itself.                             *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    K,           \* a zxid is epoch * K + counter
    MaxAppends, MaxSnapshots, MaxCuts, MaxInstalls, MaxCrashes,
    MaxRots,     \* how many snapshots become unreadable
    Kept,        \* how many snapshots no purge removes
    Mistake      \* a mistake planted on purpose, "none" for none

VARIABLES
    mem,       \* the history as the server has it in memory: zxids
    confirmed, \* how much of it it was told to be durable
    files,     \* log files, by first zxid: their records, how many are forced, whether the name is
    open,      \* whether the last of them is being written
    written,   \* how much of mem is in files
    snaps,     \* snapshots: zxid, history, whether their name and content are durable, rot
    draft,     \* the snapshot that is being written
    doing,     \* a cut or a replacement that is under way
    epoch,     \* of what is appended next
    agreed,    \* the newest zxid that a quorum is known to have: nobody cuts behind less
    refused,   \* whether what was left could not be read
    counts     \* how often each bounded thing has happened

vars == <<mem, confirmed, files, open, written, snaps, draft, doing, epoch, agreed, refused, counts>>

Last(seq) == seq[Len(seq)]
LastZxid(seq) == IF seq = <<>> THEN 0 ELSE Last(seq)
Max(set) == CHOOSE x \in set : \A y \in set : y <= x
NoDraft == [z |-> -1, history |-> <<>>]
Idle == [what |-> "NOTHING", z |-> -1, history |-> <<>>, before |-> <<>>, confirmed |-> -1]
Count(kind) == counts' = [counts EXCEPT ![kind] = @ + 1]
UpTo(seq, z) == Cardinality({i \in 1..Len(seq) : seq[i] <= z})
NextZxid ==
    IF mem # <<>> /\ LastZxid(mem) \div K = epoch THEN LastZxid(mem) + 1 ELSE epoch * K + 1

Up == ~refused
IsFree == Up /\ doing = Idle

-----------------------------------------------------------------------------
(* The log: TxnLog                                                         *)

Append1 ==
    /\ IsFree /\ counts.appends < MaxAppends
    /\ mem' = Append(mem, NextZxid)
    /\ Count("appends")
    /\ UNCHANGED <<confirmed, files, open, written, snaps, draft, doing, epoch, agreed, refused>>

\* All that was appended goes to the last file, or to a new one.
Write ==
    LET batch == SubSeq(mem, written + 1, Len(mem))
        appended == [files EXCEPT ![Len(files)].recs = @ \o batch]
        created == Append(files, [first |-> batch[1], recs |-> batch, forced |-> 0, named |-> FALSE])
    IN
    /\ Up /\ doing.what # "INSTALL" /\ batch # <<>>
    /\ files' = IF open THEN appended ELSE created
    /\ open' = TRUE /\ written' = Len(mem)
    /\ confirmed' = IF Mistake = "confirmsBeforeForce" THEN written' ELSE confirmed
    /\ UNCHANGED <<mem, snaps, draft, doing, epoch, agreed, refused, counts>>

ForcedFiles ==
    IF files = <<>> THEN files
    ELSE [files EXCEPT ![Len(files)].forced = Len(Last(files).recs),
                       ![Len(files)].named = @ \/ Mistake # "nameIsNotForced"]

IsForced ==
    IF files = <<>> THEN TRUE ELSE Last(files).forced = Len(Last(files).recs) /\ Last(files).named

\* While the log is being cut, nobody is told.
Force ==
    /\ Up /\ doing.what # "INSTALL" /\ (~IsForced \/ written > confirmed)
    /\ files' = ForcedFiles
    /\ confirmed' = IF doing = Idle THEN written ELSE confirmed
    /\ UNCHANGED <<mem, open, written, snaps, draft, doing, epoch, agreed, refused, counts>>

\* Only between batches.
Roll ==
    /\ IsFree /\ open /\ (IsForced \/ Mistake = "rollsUnforced")
    /\ open' = FALSE
    /\ UNCHANGED <<mem, confirmed, files, written, snaps, draft, doing, epoch, agreed, refused, counts>>

-----------------------------------------------------------------------------
(* Snapshots: SnapshotWriter, Snapshots.purge                              *)

\* What is applied may be ahead of the own log: a quorum of others has it.
SnapshotBegins ==
    /\ IsFree /\ draft = NoDraft /\ counts.snapshots < MaxSnapshots
    /\ \E n \in 1..Len(mem) :
        /\ \A s \in snaps : s.z < mem[n]
        /\ draft' = [z |-> mem[n], history |-> SubSeq(mem, 1, n)]
        /\ agreed' = IF n > confirmed /\ mem[n] > agreed THEN mem[n] ELSE agreed
    /\ Count("snapshots")
    /\ UNCHANGED <<mem, confirmed, files, open, written, snaps, doing, epoch, refused>>

Snapshot(z, history, named) ==
    [z |-> z, history |-> history, named |-> named,
     whole |-> Mistake # "snapshotIsNotForced", rotten |-> FALSE]

\* Forced under another name, and then called what it is.
SnapshotRenamed ==
    /\ IsFree /\ draft # NoDraft
    /\ snaps' = snaps \cup {Snapshot(draft.z, draft.history, FALSE)}
    /\ draft' = NoDraft
    /\ UNCHANGED <<mem, confirmed, files, open, written, doing, epoch, agreed, refused, counts>>

SnapshotNamed ==
    /\ Up /\ \E s \in snaps :
        ~s.named /\ snaps' = (snaps \ {s}) \cup {[s EXCEPT !.named = TRUE]}
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused, counts>>

\* The file in which the record behind this zxid is, or would be; 0 for none.
Holding(z) == Cardinality({i \in 1..Len(files) : files[i].first <= z})

Newest(n) == {s \in snaps : Cardinality({t \in snaps : t.z > s.z}) < n}

PurgeSnapshots ==
    /\ IsFree /\ \A s \in snaps : s.named
    /\ snaps # Newest(Kept)
    /\ snaps' = IF Mistake = "purgesAll" THEN {} ELSE Newest(Kept)
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused, counts>>

PurgeLogs ==
    LET oldest == CHOOSE s \in snaps : \A t \in snaps : s.z <= t.z
        first == Holding(oldest.z) + IF Mistake = "purgesOneTooMany" THEN 1 ELSE 0
    IN
    /\ IsFree /\ Cardinality(snaps) >= Kept /\ first > 1
    /\ Mistake = "purgesOneTooMany" => first <= Len(files)
    /\ files' = SubSeq(files, first, Len(files))
    /\ UNCHANGED <<mem, confirmed, open, written, snaps, draft, doing, epoch, agreed, refused, counts>>

-----------------------------------------------------------------------------
(* A cut: SnapshotThread.abandon, Snapshots.discardBehind, TxnLog.truncate *)

CutBegins ==
    /\ IsFree /\ counts.cuts < MaxCuts
    /\ \E n \in 0..(Len(mem) - 1) :
        /\ LastZxid(SubSeq(mem, 1, n)) >= agreed
        /\ \E s \in snaps : s.z <= LastZxid(SubSeq(mem, 1, n))
        /\ doing' = [Idle EXCEPT !.what = "CUT", !.z = LastZxid(SubSeq(mem, 1, n))]
    /\ draft' = IF Mistake = "draftOutlivesCut" THEN draft ELSE NoDraft
    /\ Count("cuts")
    /\ UNCHANGED <<mem, confirmed, files, open, written, snaps, epoch, agreed, refused>>

Behind == {s \in snaps : s.z > doing.z}

\* Newest first, each for good before the next.
CutSnapshot ==
    /\ Up /\ doing.what = "CUT" /\ Behind # {} /\ Mistake # "cutLeavesSnapshots"
    /\ snaps' = snaps \ {CHOOSE s \in Behind : \A t \in Behind : t.z <= s.z}
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused, counts>>

\* What is gathered is forced first; then whole files go, newest first.
IsFlushed == written = Len(mem) /\ IsForced

CutFile ==
    LET keep == Holding(doing.z)
        gone == IF Mistake = "cutsOldestFirst" THEN keep + 1 ELSE Len(files)
    IN
    /\ Up /\ doing.what = "CUT" /\ (Behind = {} \/ Mistake = "cutLeavesSnapshots") /\ IsFlushed
    /\ Len(files) > keep
    /\ files' = SubSeq(files, 1, gone - 1) \o SubSeq(files, gone + 1, Len(files))
    /\ open' = FALSE
    /\ UNCHANGED <<mem, confirmed, written, snaps, draft, doing, epoch, agreed, refused, counts>>

CutEnds ==
    LET keep == Holding(doing.z)
        at == IF Mistake = "cutsOneTooMany" THEN doing.z - 1 ELSE doing.z
        cut == SubSeq(Last(files).recs, 1, UpTo(Last(files).recs, at))
        left == SubSeq(mem, 1, UpTo(mem, doing.z))
    IN
    /\ Up /\ doing.what = "CUT" /\ (Behind = {} \/ Mistake = "cutLeavesSnapshots") /\ IsFlushed
    /\ Len(files) = keep \/ Mistake = "cutsLastFileOnly"
    /\ files' = IF files = <<>> THEN files
                ELSE [files EXCEPT ![Len(files)].recs = cut, ![Len(files)].forced = Len(cut)]
    /\ mem' = left /\ confirmed' = Len(left) /\ written' = Len(left)
    /\ open' = FALSE /\ doing' = Idle /\ epoch' = epoch + 1
    /\ UNCHANGED <<snaps, draft, agreed, refused, counts>>

-----------------------------------------------------------------------------
(* A replacement: the leader has sent its replica                          *)

\* It is of a later epoch than all that is here; perhaps of its very beginning, which is no record.
InstallBegins ==
    /\ IsFree /\ counts.installs < MaxInstalls
    /\ \E z \in {(epoch + 1) * K, (epoch + 1) * K + 1} :
        /\ doing' = [Idle EXCEPT !.what = "INSTALL", !.z = z, !.history = <<z>>, !.before = mem,
                                 !.confirmed = confirmed]
        /\ mem' = <<z>> /\ agreed' = z
    /\ confirmed' = 1 /\ written' = 1 /\ open' = FALSE
    /\ draft' = NoDraft /\ epoch' = epoch + 1
    /\ Count("installs")
    /\ UNCHANGED <<files, snaps, refused>>

IsThere == \E s \in snaps : s.z = doing.z
IsSafe == \E s \in snaps : s.z = doing.z /\ s.named

InstallRenamed ==
    /\ Up /\ doing.what = "INSTALL" /\ ~IsThere
    /\ Mistake = "replacesLogFirst" => files = <<>>
    /\ snaps' = snaps \cup {Snapshot(doing.z, doing.history, FALSE)}
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused, counts>>

\* TxnLog.restartBehind, and then Snapshots.discardAllBut; newest first.
InstallFile ==
    /\ Up /\ doing.what = "INSTALL" /\ files # <<>>
    /\ IsSafe \/ Mistake = "replacesLogFirst"
    /\ files' = SubSeq(files, 1, Len(files) - 1)
    /\ UNCHANGED <<mem, confirmed, open, written, snaps, draft, doing, epoch, agreed, refused, counts>>

InstallSnapshot ==
    LET others == {s \in snaps : s.z # doing.z} IN
    /\ Up /\ doing.what = "INSTALL" /\ IsSafe /\ files = <<>> /\ others # {}
    /\ snaps' = snaps \ {CHOOSE s \in others : \A t \in others : t.z <= s.z}
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused, counts>>

InstallEnds ==
    /\ Up /\ doing.what = "INSTALL" /\ IsSafe
    /\ files = <<>> /\ snaps = {s \in snaps : s.z = doing.z}
    /\ doing' = Idle
    /\ UNCHANGED <<mem, confirmed, files, open, written, snaps, draft, epoch, agreed, refused, counts>>

-----------------------------------------------------------------------------
(* A crash, and recovery: Recovery, LogCursor                              *)

\* Within an epoch nothing is left out, and an epoch begins with 1.
Follows(before, z) ==
    IF before \div K = z \div K THEN z = before + 1 ELSE z > before /\ z % K = 1

Damaged == <<-1>>

RECURSIVE Replay(_, _, _)
Replay(recs, z, history) ==
    IF recs = <<>> THEN history
    ELSE IF Head(recs) <= z /\ history # <<>> /\ Head(recs) <= LastZxid(history)
    THEN Replay(Tail(recs), z, history)
    ELSE IF ~Follows(LastZxid(history), Head(recs)) THEN Damaged
    ELSE Replay(Tail(recs), z, Append(history, Head(recs)))

RECURSIVE AllRecords(_)
AllRecords(fs) == IF fs = <<>> THEN <<>> ELSE Head(fs).recs \o AllRecords(Tail(fs))

Read(fs, ss) ==
    LET good == {s \in ss : ~s.rotten /\ (s.whole \/ Mistake = "snapshotIsNotForced")}
        newest == CHOOSE s \in good : \A t \in good : t.z <= s.z
        from == IF newest.whole THEN newest.history ELSE <<>>
        holding == Cardinality({i \in 1..Len(fs) : fs[i].first <= newest.z + 1})
        first == IF holding = 0 THEN 1 ELSE holding
        history == Replay(AllRecords(SubSeq(fs, first, Len(fs))), newest.z, from)
        \* What could not be read must be made up for by the log: this server has had it.
        skipped == {s.z : s \in {t \in ss : t.rotten /\ t.z > newest.z}}
        missing == skipped \ {history[i] : i \in 1..Len(history)}
    IN  IF good = {} THEN Damaged
        ELSE IF missing # {} /\ Mistake # "skippedIsForgotten" THEN Damaged
        ELSE history

\* Of the last file a crash may take all that is not forced, and the file if its name is not.
Surviving ==
    IF files = <<>> THEN {files}
    ELSE LET last == Last(files)
             rest == SubSeq(files, 1, Len(files) - 1)
             torn == {Append(rest, [last EXCEPT !.recs = SubSeq(@, 1, n), !.forced = n, !.named = TRUE])
                        : n \in last.forced..Len(last.recs)}
         IN  IF last.named THEN torn ELSE torn \cup {rest}

\* A file without a record goes, so that its name is free again.
Cleaned(fs) == IF fs # <<>> /\ Last(fs).recs = <<>> THEN SubSeq(fs, 1, Len(fs) - 1) ELSE fs

Crash ==
    /\ Up /\ counts.crashes < MaxCrashes
    /\ \E fs \in Surviving, lost \in SUBSET {s \in snaps : ~s.named} :
        LET ss == {[s EXCEPT !.named = TRUE] : s \in snaps \ lost}
            history == Read(fs, ss)
        IN  /\ files' = Cleaned(fs) /\ snaps' = ss
            /\ refused' = (history = Damaged)
            /\ IF history = Damaged THEN UNCHANGED <<mem, confirmed, written, doing>>
               ELSE mem' = history /\ confirmed' = Len(history) /\ written' = Len(history) /\ doing' = Idle
    /\ open' = FALSE /\ draft' = NoDraft
    /\ epoch' = epoch + 1
    /\ UNCHANGED agreed
    /\ Count("crashes")

\* The newest snapshot can't be read any more; nobody notices before the next start.
Rot ==
    /\ Up /\ counts.rots < MaxRots
    /\ \E s \in snaps :
        /\ s.named /\ ~s.rotten /\ s.z = Max({t.z : t \in snaps}) /\ s.z > 0
        /\ snaps' = (snaps \ {s}) \cup {[s EXCEPT !.rotten = TRUE]}
    /\ Count("rots")
    /\ UNCHANGED <<mem, confirmed, files, open, written, draft, doing, epoch, agreed, refused>>

-----------------------------------------------------------------------------

\* The first snapshot is there before the first transaction.
Init ==
    /\ mem = <<>> /\ confirmed = 0 /\ files = <<>> /\ open = FALSE /\ written = 0
    /\ snaps = {[z |-> 0, history |-> <<>>, named |-> TRUE, whole |-> TRUE, rotten |-> FALSE]}
    /\ draft = NoDraft /\ doing = Idle /\ epoch = 1 /\ agreed = 0 /\ refused = FALSE
    /\ counts = [appends |-> 0, snapshots |-> 0, cuts |-> 0, installs |-> 0, crashes |-> 0, rots |-> 0]

Next ==
    \/ Append1 \/ Write \/ Force \/ Roll
    \/ SnapshotBegins \/ SnapshotRenamed \/ SnapshotNamed \/ PurgeSnapshots \/ PurgeLogs
    \/ CutBegins \/ CutSnapshot \/ CutFile \/ CutEnds
    \/ InstallBegins \/ InstallRenamed \/ InstallFile \/ InstallSnapshot \/ InstallEnds
    \/ Crash \/ Rot

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What must hold                                                          *)

DiskTypeOK ==
    /\ confirmed \in 0..Len(mem) /\ written \in confirmed..Len(mem)
    /\ \A i \in 1..Len(files) : files[i].forced <= Len(files[i].recs)
    /\ \A i \in 1..(Len(files) - 1) :
        files[i].named /\ files[i].forced = Len(files[i].recs) /\ files[i].first < files[i + 1].first

\* What would be read if the machine stopped now, whatever the crash takes.
Readable ==
    {Read(fs, {s \in snaps : s \notin lost}) :
        fs \in Surviving, lost \in SUBSET {s \in snaps : ~s.named}}

\* Only damage is refused, never what a crash leaves.
RefusesOnlyDamage == counts.rots = 0 => ~refused /\ Damaged \notin Readable

\* A server that has written nothing for a while, and read its files again, has what it had.
RecoveredEqualsMemory ==
    IsFree /\ Up /\ confirmed = Len(mem) /\ (\A s \in snaps : ~s.rotten) => Readable = {mem}

\* What is confirmed is read again, or it is said that it can't be: a server never takes less for
\* all that there was.
NothingConfirmedIsLost ==
    IsFree => \A history \in Readable :
        \/ history = Damaged
        \/ Len(history) >= confirmed /\ SubSeq(history, 1, confirmed) = SubSeq(mem, 1, confirmed)

\* The newest snapshot is what the log says.
SnapshotIsOfTheLog ==
    IsFree => \E s \in snaps :
        (\A t \in snaps : t.z <= s.z) /\ s.history = SubSeq(mem, 1, UpTo(mem, s.z))

\* A purge leaves enough snapshots.
PurgeKeepsRecoverable == IsFree => \E s \in snaps : s.named

History == mem
Cutting == IF doing.what = "CUT" THEN UpTo(mem, doing.z) ELSE -1
Instead == IF doing.what = "INSTALL" THEN [log |-> doing.before, durable |-> doing.confirmed]
           ELSE [log |-> <<>>, durable |-> -1]
Durably == INSTANCE Durability WITH
    log <- mem, durable <- confirmed, cutting <- Cutting, instead <- Instead
IsDurability == Durably!Spec
=============================================================================
