package org.bradawl.datapath.secure;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * The cryptography of DTLS: handshakes by Bouncy Castle, which has every primitive they are made
 * of, records by the JDK, which uses the processor's own AES. No provider is registered with the
 * JDK for it.
 */
final class DtlsCrypto extends JcaTlsCrypto {

  DtlsCrypto(SecureRandom random) {
    super(new Primitives(), random, random);
  }

  private static final class Primitives extends ProviderJcaJceHelper {

    Primitives() {
      super(new BouncyCastleProvider());
    }

    @Override
    public Cipher createCipher(String algorithm)
        throws NoSuchAlgorithmException, NoSuchPaddingException {
      return algorithm.startsWith("AES/GCM")
          ? Cipher.getInstance(algorithm)
          : super.createCipher(algorithm);
    }
  }
}
