using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Fluent;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using Sprig.Scheduling;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Sprig.Tests.ArchitectureRules;

/// <summary>The floors of the runtime: each uses only those below it, and the two on top use nothing internal of those.</summary>
public class LayerTests
{
    /// <summary>From the ground up. Floors that are not built yet are no error; the first three are.</summary>
    private static readonly string[] s_floors = ["Linux", "Polling", "Scheduling", "Synchronization", "IO", "Supervision", "Hosting"];
    private static readonly Architecture s_runtime = new ArchLoader().LoadAssemblies(typeof(CoroutineScheduler).Assembly).Build();

    private static readonly IType[] s_types = [.. s_runtime.Types.Where(type => type.Namespace.FullName.StartsWith("Sprig", StringComparison.Ordinal))];

    private static readonly string[] s_built = [.. s_floors.Where(floor => s_types.Any(type => IsOn(type, floor)))];

    public static TheoryData<string> FloorsWithOthersAbove => [.. s_built[..^1]];

    [Fact]
    public void The_floors_that_exist_are_seen()
    {
        // Without this a renamed namespace would make the rules below pass for want of anything to look at.
        Assert.Equal(["Linux", "Polling", "Scheduling"], s_built[..3]);
        foreach (string folder in Directory.GetDirectories(Path.Combine(Repository.Root, "src", "Sprig")).Select(path => Path.GetFileName(path)))
        {
            if (folder is not ("bin" or "obj"))
                Assert.Contains(folder, s_built);
        }
    }

    [Fact]
    public void Every_type_lives_on_a_floor()
    {
        IEnumerable<string> homeless = s_types.Where(type => !s_floors.Any(floor => IsOn(type, floor))).Select(type => type.FullName);
        Assert.Empty(homeless);
    }

    [Theory]
    [MemberData(nameof(FloorsWithOthersAbove))]
    public void A_floor_uses_only_those_below_it(string floor)
    {
        string[] above = s_built[(Array.IndexOf(s_built, floor) + 1)..];
        AssertHolds(DoesNotUse(floor, above));
    }

    [Fact]
    public void The_rule_about_floors_does_fail_where_one_uses_the_other()
    {
        Assert.False(DoesNotUse("Scheduling", "Polling").HasNoViolations(s_runtime));
        Assert.False(DoesNotUse("Scheduling", "Hosting", "Polling").HasNoViolations(s_runtime));
        Assert.False(DoesNotUse("Polling", "Linux").HasNoViolations(s_runtime));
    }

    [Fact]
    public void No_floors_use_each_other_in_a_circle() => AssertHolds(SliceRuleDefinition.Slices().Matching("Sprig.(**)").Should().BeFreeOfCycles());

    [Fact]
    public void The_rule_about_circles_does_fail_on_one()
    {
        // Two namespaces of this assembly go in a circle on purpose.
        Architecture circular = new ArchLoader().LoadAssemblies(typeof(CircleA.One).Assembly).Build();
        Assert.False(SliceRuleDefinition.Slices().Matching("Sprig.Tests.ArchitectureRules.(*)").Should().BeFreeOfCycles().HasNoViolations(circular));
    }

    [Theory]
    [InlineData("Supervision")]
    [InlineData("Hosting")]
    public void The_floors_on_top_use_nothing_internal_of_those_below(string floor)
        => Assert.Empty(InternalsUsed(floor, ["Linux", "Polling", "Scheduling", "Synchronization", "IO"]));

    [Fact]
    public void The_rule_about_internals_does_find_internal_types_and_internal_members()
    {
        string[] used = [.. InternalsUsed("Scheduling", ["Polling", "Scheduling"])];
        Assert.Contains(used, name => name.Contains("Sprig.Polling.TimerHeap", StringComparison.Ordinal));
        // CoroutineScheduler is public; its Timers are not.
        Assert.Contains(used, name => name.Contains("CoroutineScheduler::get_Timers", StringComparison.Ordinal));
        Assert.DoesNotContain(used, name => name.Contains("CoroutineScheduler::get_Current()", StringComparison.Ordinal));
    }

    private static TypesShouldConjunction DoesNotUse(string floor, params string[] others)
        => Types().That().ResideInNamespaceMatching(Pattern(floor)).Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(Pattern(others)));

    private static string Pattern(params string[] floors) => $@"^Sprig\.({string.Join('|', floors)})(\..+)?$";

    // What the compiler makes for itself (the room of a collection expression's span) has no namespace.
    private static bool IsOn(IType type, string floor)
        => type.Namespace?.FullName is { } name && (name == $"Sprig.{floor}" || name.StartsWith($"Sprig.{floor}.", StringComparison.Ordinal));

    private static IEnumerable<string> InternalsUsed(string floor, string[] below)
    {
        IEnumerable<ITypeDependency> uses = s_types.Where(type => IsOn(type, floor))
            .SelectMany(type => type.Dependencies)
            .Where(use => below.Any(lower => IsOn(use.Target, lower)));
        foreach (ITypeDependency use in uses)
        {
            if (IsHidden(use.Target.Visibility))
                yield return $"{use.Origin.FullName} uses {use.Target.FullName}";
            if (use is IMemberMemberDependency member && IsHidden(member.TargetMember.Visibility) && !IsCopying(member.TargetMember))
                yield return $"{use.Origin.FullName} uses {member.TargetMember.FullName}";
        }
    }

    // What stands behind `with`, which everybody may write.
    private static bool IsCopying(IMember member) => member.FullName.EndsWith($"::.ctor({member.DeclaringType.FullName})", StringComparison.Ordinal);

    private static bool IsHidden(Visibility visibility) => visibility is Visibility.Internal or Visibility.PrivateProtected or Visibility.Private;

    private static void AssertHolds(IArchRule rule)
        => Assert.Empty(rule.Evaluate(s_runtime).Where(result => !result.Passed).Select(result => result.Description));
}
