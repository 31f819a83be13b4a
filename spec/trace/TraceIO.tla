------------------------------ MODULE TraceIO -------------------------------
\* The text is read by a class that takes the place of this definition.
EXTENDS Integers, Sequences

\* Traces, each a sequence of lines; a line is a record, as TraceZab takes it.
ReadTraces == CHOOSE traces : TRUE
=============================================================================
