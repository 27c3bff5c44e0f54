namespace Processor.Security;

/// <summary>What the two characters of an error code mean here. Only 00 is a success.</summary>
internal static class PayShieldErrors
{
    /// <summary>The code that warns of a verification key's length.</summary>
    internal const HsmStatus KeyLengthWarning = (HsmStatus)byte.MaxValue;

    internal static HsmStatus StatusOf(byte first, byte second) => (first, second) switch
    {
        ((byte)'0', (byte)'0') => HsmStatus.Ok,
        ((byte)'0', (byte)'1') => HsmStatus.VerificationFailed,
        ((byte)'0', (byte)'2') => KeyLengthWarning,

        // A key under another master key decrypts to bytes of wrong parity: the device does not know it.
        ((byte)'1', (byte)'0') or ((byte)'1', (byte)'1') or ((byte)'1', (byte)'2') or ((byte)'2', (byte)'1') => HsmStatus.KeyNotFound,
        ((byte)'1', (byte)'5') or ((byte)'8', (byte)'0') => HsmStatus.InvalidInput,

        // The block's content, and a PIN of a length that no PIN has: one answer outward.
        ((byte)'2', (byte)'0') or ((byte)'2', (byte)'4') => HsmStatus.PinBlockInvalid,
        ((byte)'8', (byte)'1') => HsmStatus.PinLengthInvalid,
        ((byte)'2', (byte)'3') or ((byte)'6', (byte)'9') => HsmStatus.UnsupportedProfile,
        ((byte)'2', (byte)'6') or ((byte)'2', (byte)'7') or ((byte)'2', (byte)'8') or ((byte)'2', (byte)'9') => HsmStatus.KeyUsageDenied,
        ((byte)'1', (byte)'7') or ((byte)'6', (byte)'7') or ((byte)'6', (byte)'8') => HsmStatus.PolicyDenied,
        _ => HsmStatus.DeviceFault,
    };
}
