namespace Processor.Bench;

/// <summary>What the three processes have used at a moment.</summary>
/// <param name="Host">CPU seconds of the host.</param>
/// <param name="Redis">CPU seconds of Redis and of its rewriting child.</param>
/// <param name="Postgres">CPU seconds of Postgres, all of its processes.</param>
/// <param name="HostMebibytes">Resident memory of the host.</param>
/// <param name="RedisMebibytes">Resident memory of Redis.</param>
internal readonly record struct HostUsage(double Host, double Redis, double Postgres, double HostMebibytes, double RedisMebibytes);
