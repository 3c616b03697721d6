package org.bradawl.natlab;

import java.util.Optional;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.world.LabNat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A NAT as it was given on the command line.
 *
 * @param nat empty for a public host
 */
record NatOption(Optional<LabNat> nat) {

  static final NatOption PUBLIC = new NatOption(Optional.empty());

  /** Where there must be a NAT. */
  LabNat orFail(String otherwise) {
    return nat.orElseThrow(() -> new LabFailure(otherwise));
  }

  /** Reads one. */
  static final class Converter implements ITypeConverter<NatOption> {
    @Override
    public NatOption convert(String text) {
      try {
        return new NatOption(LabNat.parse(text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
