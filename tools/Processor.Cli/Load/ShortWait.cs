using System.Runtime.InteropServices;

namespace Processor.Cli.Load;

/// <summary>Waits below a millisecond, which no timer of the framework does: a generator that wakes up each millisecond adds half of one to what it measures.</summary>
internal static partial class ShortWait
{
    /// <summary>Blocks the thread for about that long, to the operating system's timer slack (50 µs on Linux).</summary>
    /// <param name="nanoseconds">Less than a second. Where the system has no such call, a millisecond.</param>
    public static void For(long nanoseconds)
    {
        if (OperatingSystem.IsWindows())
        {
            using var never = new ManualResetEventSlim();
            never.Wait(millisecondsTimeout: 1);
            return;
        }

        var duration = new TimeSpec { Seconds = 0, Nanoseconds = (nint)Math.Clamp(nanoseconds, 1, 999_999_999) };

        // A signal ends the wait early, and the caller looks at its clock again in either case.
        _ = Nanosleep(ref duration, remaining: 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Nanosleep(ref TimeSpec duration, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
