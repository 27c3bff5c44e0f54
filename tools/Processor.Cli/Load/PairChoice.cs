namespace Processor.Cli.Load;

/// <summary>What follows each approved purchase.</summary>
internal enum PairChoice
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its reversal.</summary>
    Reversal,

    /// <summary>Its completion.</summary>
    Completion,
}
