package vivarium.benchmarks.load;

/** What a load asks of the server; values have 100 bytes unless the load says otherwise. */
public enum Workload {
    /** Sets the data of znodes drawn from those prepared. */
    SET_DATA("setData"),

    /** Creates znodes under one parent; {@link LoadGenerator#sweep} removes them afterwards. */
    CREATE("create"),

    /** Gets the data of znodes drawn from those prepared. */
    GET_DATA("getData"),

    /** Nine in ten get data, the others set it, drawn one by one. */
    MIXED("90% getData");

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    /** As it stands in tables. */
    public String title() {
        return title;
    }
}
