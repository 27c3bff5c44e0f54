using System.Runtime.InteropServices;

namespace Processor.Testing;

/// <summary>Has a process that the tests started stand still, and go on.</summary>
internal static partial class ProcessSignal
{
    private const int SigStop = 19;
    private const int SigCont = 18;

    internal static void Stop(int process) => Send(process, SigStop);

    internal static void Continue(int process) => Send(process, SigCont);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new InvalidOperationException($"Process {process} took no signal {signal}.");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
