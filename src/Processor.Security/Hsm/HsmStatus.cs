namespace Processor.Security;

/// <summary>What became of an operation of the security module. Only <see cref="Ok"/> lets anything be approved.</summary>
public enum HsmStatus : byte
{
    /// <summary>Nobody asked. The default, so that a forgotten answer approves nothing.</summary>
    None,

    /// <summary>Done; of a verification: it is right.</summary>
    Ok,

    /// <summary>A value, PIN, cryptogram or MAC is not the right one.</summary>
    VerificationFailed,

    /// <summary>A PIN block gave no PIN. One answer for every reason, so that nobody learns from the difference.</summary>
    PinBlockInvalid,

    /// <summary>The PIN has not the length that this card's verification needs.</summary>
    PinLengthInvalid,

    /// <summary>There is no such key or version.</summary>
    KeyNotFound,

    /// <summary>The key is not yet, or no longer, to be used so.</summary>
    KeyInactive,

    /// <summary>The key's usage, mode or algorithm does not allow this operation.</summary>
    KeyUsageDenied,

    /// <summary>A key block's code is wrong: another protection key, or bytes that were changed.</summary>
    KeyBlockAuthFailed,

    /// <summary>The check value is not that of the key.</summary>
    KcvMismatch,

    /// <summary>A key of wrong parity, or with equal halves where that is refused.</summary>
    WeakOrBadParityKey,

    /// <summary>A rule of the module forbids it: PIN translation, export, PIN work in production mode.</summary>
    PolicyDenied,

    /// <summary>The module does not know this profile, format or cryptogram version.</summary>
    UnsupportedProfile,

    /// <summary>The arguments do not make a question.</summary>
    InvalidInput,

    /// <summary>More questions than the module takes.</summary>
    Throttled,

    /// <summary>No answer in time. Whether it was right is not known.</summary>
    Timeout,

    /// <summary>The module cannot be reached.</summary>
    Unavailable,

    /// <summary>The module failed.</summary>
    DeviceFault,
}
