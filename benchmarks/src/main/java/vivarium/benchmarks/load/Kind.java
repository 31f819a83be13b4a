package vivarium.benchmarks.load;

/** The requests that the generator sends, by their codes on the wire. */
enum Kind {
    CREATE(1),
    DELETE(2),
    GET_DATA(4),
    SET_DATA(5);

    private final int opcode;

    Kind(int opcode) {
        this.opcode = opcode;
    }

    int opcode() {
        return opcode;
    }
}
