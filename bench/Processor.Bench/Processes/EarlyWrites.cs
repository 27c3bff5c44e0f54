using System.Runtime.InteropServices;

namespace Processor.Bench;

/// <summary>While it is held, this machine's kernel writes pages to the disk early and so a little at a time, as docs/operating.md advises
/// where Redis and Postgres share a disk. Afterwards, or when the run is ended by a signal, it does as before.</summary>
internal sealed class EarlyWrites : IDisposable
{
    private static readonly (string Setting, string Value)[] Wanted =
        [("/proc/sys/vm/dirty_expire_centisecs", "20"), ("/proc/sys/vm/dirty_writeback_centisecs", "10")];

    private readonly string[] before;
    private readonly PosixSignalRegistration[] signals;

    /// <summary>Has it write early from now on.</summary>
    /// <exception cref="UnauthorizedAccessException">Only root may say how the kernel writes.</exception>
    public EarlyWrites()
    {
        before = [.. Wanted.Select(wanted => File.ReadAllText(wanted.Setting))];
        signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => Restore()))];
        foreach (var (setting, value) in Wanted)
            File.WriteAllText(setting, value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Restore();
        foreach (var signal in signals)
            signal.Dispose();
    }

    private void Restore()
    {
        for (var index = 0; index < Wanted.Length; index++)
            File.WriteAllText(Wanted[index].Setting, before[index]);
    }
}
