namespace Processor.Records;

/// <summary>The database's schema is not one that this version can work with.</summary>
public sealed class MigrationException(string message) : Exception(message);
