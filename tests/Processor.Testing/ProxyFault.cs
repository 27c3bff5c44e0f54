namespace Processor.Testing;

/// <summary>What a proxy does to a piece of a connection.</summary>
public enum ProxyFault
{
    /// <summary>It passes.</summary>
    None,

    /// <summary>It is thrown away and the connection is broken: a reply whose command was executed, or a command that was not.</summary>
    Lose,

    /// <summary>It and all that follows wait.</summary>
    HoldBack,

    /// <summary>The first half passes, then the connection is broken.</summary>
    Split,

    /// <summary>Of commands: the sender's connection is broken, and they are executed a while later, when they have been sent again.</summary>
    ArriveLate,

    /// <summary>Of replies: one of the commit script that says that all was written comes twice, the second right behind the first.</summary>
    Double,
}
