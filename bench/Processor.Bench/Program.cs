using System.Globalization;
using Processor.Bench;

const string Usage = """
    tools/bench [all|micro|yardsticks|e2e|credentials|ledger] [options]

      all          everything below but credentials and ledger (the default)
      micro        BenchmarkDotNet: parse, build, decide, a whole message in memory, packing a batch
      yardsticks   a bare echo, Redis with prepared batches, one durable round trip, a Postgres row-lock ledger
      e2e          the yardsticks, then the host under load, and its figures as ratios of them
      credentials  the host under load, without and with a cryptogram and iCVV in each purchase, taking turns
      ledger       the ledger alone in this process, by partitions and lanes

      --seconds N  length of the run at half the maximum (30)
      --rate N     e2e with one long run at so many requests a second, instead of looking for the most and half of it
      --window N   requests in flight on each of the connections when the most is looked for (128)
      --quick      short runs, to see that all works; the figures mean little
      --alone      e2e without the yardsticks, so without ratios
      --most       e2e ends when the most was measured
      --calm       e2e measures latencies alone
      --early-writes
                   for the run, and as root: the kernel writes to the disk as docs/operating.md says for one disk
      --name NAME  name of the result files under bench/results (the verb)
      --outstanding N, --shape PxL
                   for ledger: operations outstanding (1024), partitions and lanes (several)
      --filter X   only the micro benchmarks whose names, or whose class, contain X
      --host K=V   a setting for the host, as an environment variable; may be repeated
    """;

// The echo is a process of its own, so that its CPU is counted apart.
if (args is ["echo", var echoPort, .. var redis])
{
    await EchoServer.RunAsync(int.Parse(echoPort, CultureInfo.InvariantCulture), redis.FirstOrDefault());
    return 0;
}

if (args.Contains("--help"))
{
    Console.WriteLine(Usage);
    return 0;
}

try
{
    await BenchRun.RunAsync(BenchOptions.Parse(args), TimeProvider.System);
    return 0;
}
catch (UnauthorizedAccessException exception)
{
    Console.Error.WriteLine($"{exception.Message} Without --early-writes the kernel is left as it is.");
    return 1;
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{Usage}");
    return 2;
}
