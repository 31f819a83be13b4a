package tlc2.overrides;

import vivarium.spec.TraceReader;

/** Found by TLC under this name: what takes the place of definitions in modules. */
public final class TLCOverrides implements ITLCOverrides {
    /** Made by TLC. */
    public TLCOverrides() {}

    @Override
    @SuppressWarnings("rawtypes") // as TLC declares it
    public Class[] get() {
        return new Class[] {TraceReader.class};
    }
}
