#!/usr/bin/env bash
# An array of eight Slurm jobs, each an eighth of the pairs: sbatch slurm.sh pairs.csv /shared/registered
# The command must be there: npm install --global tiepoint
# When it is preempted or runs out of time, submit it again: it goes on where it was.
#SBATCH --job-name=tiepoint
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=08:00:00
#SBATCH --signal=B:TERM@300
#SBATCH --requeue
set -euo pipefail

manifest=$1
output=$2

# `exec`, so that Slurm's signal reaches the command itself: it ends after the pairs that run.
exec tiepoint batch "$manifest" \
  --output-folder "$output" \
  --shard "${SLURM_ARRAY_TASK_ID}/${SLURM_ARRAY_TASK_COUNT}" \
  --jobs "${SLURM_CPUS_PER_TASK}" \
  --memory "$((SLURM_MEM_PER_NODE / SLURM_CPUS_PER_TASK))"
