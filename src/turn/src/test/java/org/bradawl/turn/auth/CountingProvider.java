package org.bradawl.turn.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * Writes down which digests and codes a thread computes, and over how many bytes, by standing
 * before the JDK's own providers: that two answers take the same work is shown by what they
 * compute, not by a clock.
 */
public final class CountingProvider extends Provider implements AutoCloseable {

  private static final long serialVersionUID = 1L;
  private static final String NAME = "Counting";
  private static final ThreadLocal<List<String>> DONE = ThreadLocal.withInitial(ArrayList::new);

  private CountingProvider() {
    super(NAME, "1", "counts");
    for (String name : List.of("MD5", "SHA-256")) {
      putService(
          new Service(this, "MessageDigest", name, Digest.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
              return new Digest(name);
            }
          });
    }
    for (String name : List.of("HmacSHA1", "HmacSHA256")) {
      putService(
          new Service(this, "Mac", name, Code.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
              return new Code(name);
            }
          });
    }
  }

  /** Starts counting, on every thread of this virtual machine, until closed. */
  public static CountingProvider install() {
    CountingProvider provider = new CountingProvider();
    Security.insertProviderAt(provider, 1);
    return provider;
  }

  /** What this thread computed since the last call: names, and how many bytes went in. */
  public List<String> take() {
    List<String> taken = List.copyOf(DONE.get());
    DONE.get().clear();
    return taken;
  }

  @Override
  public void close() {
    Security.removeProvider(NAME);
  }

  /** A provider's engine, from one of the JDK's own. */
  private interface Original<E> {
    E of(Provider provider) throws GeneralSecurityException;
  }

  private static <E> E original(Original<E> original, String service, String name) {
    for (Provider provider : Security.getProviders()) {
      if (!provider.getName().equals(NAME) && provider.getService(service, name) != null) {
        try {
          return original.of(provider);
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    throw new IllegalStateException("no " + name);
  }

  private static final class Digest extends MessageDigestSpi {

    private final String name;
    private final MessageDigest digest;
    private int length;

    Digest(String name) {
      this.name = name;
      this.digest =
          original(provider -> MessageDigest.getInstance(name, provider), "MessageDigest", name);
    }

    @Override
    protected void engineUpdate(byte input) {
      length++;
      digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int count) {
      length += count;
      digest.update(input, offset, count);
    }

    @Override
    protected byte[] engineDigest() {
      DONE.get().add(name + " " + length);
      length = 0;
      return digest.digest();
    }

    @Override
    protected void engineReset() {
      length = 0;
      digest.reset();
    }
  }

  private static final class Code extends MacSpi {

    private final String name;
    private final Mac mac;
    private int length;

    Code(String name) {
      this.name = name;
      this.mac = original(provider -> Mac.getInstance(name, provider), "Mac", name);
    }

    @Override
    protected int engineGetMacLength() {
      return mac.getMacLength();
    }

    @Override
    protected void engineInit(java.security.Key key, @Nullable AlgorithmParameterSpec parameters)
        throws java.security.InvalidKeyException {
      DONE.get().add(name + " key " + Objects.requireNonNull(key.getEncoded()).length);
      mac.init(key);
    }

    @Override
    protected void engineUpdate(byte input) {
      length++;
      mac.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int count) {
      length += count;
      mac.update(input, offset, count);
    }

    @Override
    protected byte[] engineDoFinal() {
      DONE.get().add(name + " " + length);
      length = 0;
      return mac.doFinal();
    }

    @Override
    protected void engineReset() {
      length = 0;
      mac.reset();
    }
  }
}
