namespace Processor.Records;

/// <summary>How long a projector rests between two rounds. What is projected late is only seen late, so authorizations go first; but a
/// projector that stays behind would be behind for ever, and Redis keeps what it waits for.</summary>
internal static class ProjectorPace
{
    // A notice to Redis that takes so long says that authorizations wait as long, for whatever reason: its file being written anew, say.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan YieldMax = TimeSpan.FromSeconds(5);
    private const int YieldTimes = 20;

    /// <summary>The rest after a round.</summary>
    /// <param name="settings">Share, and how far behind it counts.</param>
    /// <param name="worked">How long the round took.</param>
    /// <param name="lag">How far behind what is projected is.</param>
    /// <param name="notice">How long the latest notice to Redis took.</param>
    internal static TimeSpan Rest(RecordsSettings settings, TimeSpan worked, TimeSpan lag, TimeSpan notice)
    {
        var over = Math.Clamp((lag - settings.ProjectorLagMax) / (2 * settings.ProjectorLagMax), 0, 1);
        var share = settings.ProjectorShare + ((1 - settings.ProjectorShare) * over);
        var rest = worked * ((1 - share) / share);
        if (notice < Slow)
            return rest;
        var yield = notice * YieldTimes;
        return rest + (yield < YieldMax ? yield : YieldMax);
    }
}
