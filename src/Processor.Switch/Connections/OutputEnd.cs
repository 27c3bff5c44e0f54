namespace Processor.Switch;

/// <summary>Why no further answer can be sent.</summary>
internal enum OutputEnd
{
    /// <summary>The peer closed, or the connection broke.</summary>
    PeerGone,

    /// <summary>The peer left more answers unread than the endpoint's bound.</summary>
    SlowPeer,

    /// <summary>The pipe failed.</summary>
    Failed,
}
