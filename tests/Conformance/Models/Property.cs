using System.Globalization;
using CsCheck;
using Xunit;

namespace Conformance.Models;

/// <summary>Plays generated scripts: SPRIG_SEEDS of them (10,000 unless set), or the one of SPRIG_SEED.</summary>
internal static class Property
{
    private const int Seeds = 10_000;

    private static readonly (int, string)[] s_pauses = [(6, "sleep"), (6, "yield"), (3, "busy"), (4, "kill"), (3, "cancel")];

    /// <summary>Plays scripts of these operations, each with a model of its own.</summary>
    /// <param name="make">The model for a variant.</param>
    /// <param name="operations">What the actors do beside pausing and killing, and how often.</param>
    internal static void Holds(Func<int, Model> make, params (int Weight, string What)[] operations)
        => Holds(make, s_pauses, 0, operations);

    /// <inheritdoc cref="Holds(Func{int, Model}, ValueTuple{int, string}[])"/>
    /// <param name="make">The model for a variant.</param>
    /// <param name="pauses">What else they do.</param>
    /// <param name="leastLimit">Of waits and pauses, in milliseconds.</param>
    /// <param name="operations">What they do, and how often.</param>
    internal static void Holds(
        Func<int, Model> make, (int Weight, string What)[] pauses, int leastLimit, params (int Weight, string What)[] operations)
    {
        string? only = Environment.GetEnvironmentVariable("SPRIG_SEED");
        long seeds = long.Parse(Environment.GetEnvironmentVariable("SPRIG_SEEDS") ?? $"{Seeds}", CultureInfo.InvariantCulture);
        try
        {
            Scripts([.. pauses, .. operations], leastLimit).Sample(
                script => make(script.Variant).Play(script),
                seed: only,
                iter: only is null ? seeds : 1,
                threads: 1,
                print: script => $"{script}");
        }
        catch (CsCheckException e)
        {
            string seed = e.Message.Split('"') is [_, { } printed, ..] ? printed : "?";
            Assert.Fail($"SPRIG_SEED={seed} plays it again.{Environment.NewLine}{e.Message}{Environment.NewLine}{e.InnerException}");
        }
    }

    private static Gen<Script> Scripts((int, string)[] whats, int leastLimit)
    {
        Gen<Step> step = Gen.Select(
            Gen.Frequency(whats),
            Gen.Frequency((3, Way.Plain), (2, Way.Timeout), (2, Way.Deadline), (2, Way.Token)),
            Gen.Int[leastLimit, 8],
            Gen.Int[0, 5],
            (what, way, limit, pick) => new Step(what, way, limit, pick));
        return Gen.Select(
            Gen.Int[0, int.MaxValue - 1],
            Gen.Int[0, 7],
            step.Array[1, 30].Array[2, 6],
            (seed, variant, parts) => new Script(seed, variant, parts));
    }
}
