namespace Processor.Security;

/// <summary>Where a key stands in its life. It only ever moves down this list.</summary>
public enum KeyState : byte
{
    /// <summary>In the module and not yet used.</summary>
    Pending = 1,

    /// <summary>Used for everything its usage allows. One version of a key at a time is.</summary>
    Active,

    /// <summary>Followed by a newer version: it still decrypts and verifies what is in flight, and makes nothing new.</summary>
    Retiring,

    /// <summary>Kept, and used for nothing.</summary>
    Retired,

    /// <summary>Cleared. Its name stays, so that it is never given again.</summary>
    Destroyed,
}
