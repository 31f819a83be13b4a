package vivarium.properties.raw;

/** The eleven fields of a Stat in the order of the wire; times in milliseconds. */
public record StatFields(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {

    static StatFields read(JuteIn in) {
        return new StatFields(
                in.int64(),
                in.int64(),
                in.int64(),
                in.int64(),
                in.int32(),
                in.int32(),
                in.int32(),
                in.int64(),
                in.int32(),
                in.int32(),
                in.int64());
    }
}
