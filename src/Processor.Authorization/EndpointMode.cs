namespace Processor.Authorization;

/// <summary>How the messages of an endpoint settle.</summary>
public enum EndpointMode : byte
{
    /// <summary>0100 holds, 0220 completes the hold; money moves by clearing.</summary>
    Dual = 1,

    /// <summary>0200 and 0220 move money at once; clearing reconciles without effect.</summary>
    Single = 2,
}
