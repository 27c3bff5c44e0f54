namespace Processor.Cli.Load;

/// <summary>Which credential of a prepared purchase is wrong.</summary>
internal enum WrongCredential : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>The chip's cryptogram.</summary>
    Cryptogram,

    /// <summary>The iCVV or CVV of the track.</summary>
    TrackValue,

    /// <summary>The CVV2.</summary>
    VerificationValue,

    /// <summary>The PIN.</summary>
    Pin,
}
