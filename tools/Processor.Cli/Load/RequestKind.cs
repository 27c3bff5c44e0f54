namespace Processor.Cli.Load;

/// <summary>What a generated request asks.</summary>
internal enum RequestKind
{
    /// <summary>A purchase.</summary>
    Purchase,

    /// <summary>A cash withdrawal.</summary>
    Cash,

    /// <summary>A purchase of which 10.00 are paid out in cash.</summary>
    Cashback,

    /// <summary>A refund.</summary>
    Refund,

    /// <summary>A balance inquiry.</summary>
    Balance,

    /// <summary>An account verification: a purchase of nothing.</summary>
    Verification,

    /// <summary>An advice of a purchase that the network approved itself.</summary>
    Advice,

    /// <summary>The reversal of an earlier purchase.</summary>
    Reversal,

    /// <summary>The completion of an earlier purchase.</summary>
    Completion,
}
