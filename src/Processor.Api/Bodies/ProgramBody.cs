using Processor.Cards;

namespace Processor.Api;

/// <summary>A program as its manager sees it.</summary>
internal sealed record ProgramBody
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string State { get; init; }

    public required string TimeZone { get; init; }

    public required CredentialSettingsBody? Credentials { get; init; }

    internal static ProgramBody Of(ProgramProfile program) => new()
    {
        Id = PublicId.Write(PublicId.Program, program.Id),
        Name = program.Name,
        State = program.IsActive ? "active" : "suspended",
        TimeZone = program.TimeZone,
        Credentials = program.Credentials is { } profile ? CredentialSettingsBody.Of(profile) : null,
    };
}
